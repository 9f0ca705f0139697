"""What all pages share: state of the application, context of a request, headers, words."""

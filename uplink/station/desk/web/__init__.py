"""The desk as a web application: its state, security headers, words, overview."""

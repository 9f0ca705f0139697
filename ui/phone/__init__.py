"""The phone's way in: the page that seals a report in the phone, and its small server."""

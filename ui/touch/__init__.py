"""The touch app: renders the session's screens with Kivy and feeds it taps."""

"""What holds for all tests."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Also where the tests run in the background: a shell then has SIGINT ignored, and children inherit it."""

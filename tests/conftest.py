"""What holds for all tests."""

import signal

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell has SIGINT ignored for what runs in its background, and children would inherit that."""

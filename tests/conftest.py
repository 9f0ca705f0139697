"""Settings that hold for all tests."""

import signal

from hypothesis import HealthCheck, settings

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell has SIGINT ignored for what runs in its background, and children would inherit that."""

settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")
"""A test says whether the product is right, never whether the machine is idle."""

"""Settings that hold for all tests."""

import signal
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell has SIGINT ignored for what runs in its background, and children would inherit that."""

settings.register_profile(
    "any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-machine")
"""A test says whether the product is right, never whether the machine is idle."""

HEAVY_FIXTURES = frozenset(
    {
        "village",
        "hotspot",
        "browser",
        "studio",
        "server",
        "postgres",
        "database",
        "district",
        "data",
        "tiles",
    }
)
"""Each begins a process or draws in a window, or makes what takes as long."""
HEAVY_NAMES = frozenset(
    {
        "subprocess",
        "serving",
        "display",
        "hall",
        "demo",
        "Village",
        "Tools",
        "tools",
        "an_island",
        "failures",
        "console",
        "page_from",
    }
)
"""What a module imports that begins processes itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a village, a browser, a screen or another program; the rest is fast."""
    for item in items:
        assert isinstance(item, pytest.Function)
        module: ModuleType = item.module
        if HEAVY_FIXTURES & {*item.fixturenames} or HEAVY_NAMES & vars(module).keys():
            item.add_marker(pytest.mark.heavy)

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
    {"village", "hotspot", "browser", "studio", "server", "postgres", "district", "data", "tiles"}
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
    }
)
"""What a module imports that begins processes itself."""
MADE_ONCE = frozenset({"data", "tiles", "built"})
"""Fixtures of the session that take seconds; one worker of a parallel run makes them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is heavy, and keep together what shares a costly fixture, else a module."""
    for item in items:
        assert isinstance(item, pytest.Function)
        module: ModuleType = item.module
        used = frozenset(item.fixturenames)
        if HEAVY_FIXTURES & used or HEAVY_NAMES & vars(module).keys():
            item.add_marker(pytest.mark.heavy)
        shared = min(MADE_ONCE & used, default=module.__name__.removeprefix("tests."))
        item.add_marker(pytest.mark.xdist_group(shared))

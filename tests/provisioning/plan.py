"""The village that the tests of bundles provision."""

from pathlib import Path

from provisioning import demo

PLAN = demo.Plan((1024, 600), Path("/usr/share/homthu"), False, False, None)

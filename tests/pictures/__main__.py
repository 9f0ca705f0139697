"""Draws all pictures, or those that are named: `python -m tests.pictures staff wiring`."""

import sys

from tests.pictures import staff, visit

PAINTERS = {"visit": visit.draw, "staff": staff.draw}

for name in sys.argv[1:] or PAINTERS:
    PAINTERS[name]()

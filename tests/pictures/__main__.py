"""Draws all pictures, or those that are named: `python -m tests.pictures staff wiring`."""

import sys

from tests.pictures import papers, staff, terminal, tiles, visit

PAINTERS = {
    "visit": visit.draw,
    "staff": staff.draw,
    "tiles": tiles.draw,
    "papers": papers.draw,
    "terminal": terminal.draw,
}

for name in sys.argv[1:] or PAINTERS:
    PAINTERS[name]()

"""Draws all pictures, or those that are named: `python -m tests.pictures staff wiring`."""

import sys

from tests.pictures import desk, papers, staff, terminal, tiles, visit, wiring

PAINTERS = {
    "visit": visit.draw,
    "staff": staff.draw,
    "tiles": tiles.draw,
    "papers": papers.draw,
    "terminal": terminal.draw,
    "wiring": wiring.draw,
    "desk": desk.draw,
}

for name in sys.argv[1:] or PAINTERS:
    PAINTERS[name]()

"""Picture tiles: scenes described in data, rendered to PNGs at build time."""

from pathlib import Path

DATA = Path(__file__).parent

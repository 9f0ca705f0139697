"""Picture tiles: scenes described in data, rendered to PNGs at build time."""

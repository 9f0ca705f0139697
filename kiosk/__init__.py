"""The domain: what a report is, how it is asked for, sealed, cut into cells and kept."""

__version__ = "2026.11.1"
"""Year, month and number of the release: of the program, the card's image and its update alike."""

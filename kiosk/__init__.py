"""The domain: what a report is, how it is asked for, sealed, cut into cells and kept."""

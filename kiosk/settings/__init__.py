"""The settings files that provisioning writes and the programs read, a dataclass for each."""

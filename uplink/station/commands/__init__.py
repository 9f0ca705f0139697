"""The commands of `homthu-station`."""

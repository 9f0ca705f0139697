"""The commands of `homthu-provision`, by what they are about."""

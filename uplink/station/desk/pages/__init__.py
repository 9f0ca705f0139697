"""The pages of the desk: one module for each area, listed in `areas`."""

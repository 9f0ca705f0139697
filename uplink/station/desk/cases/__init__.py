"""Reports as cases: the casebook and the search."""

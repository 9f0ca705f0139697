"""Reports as cases: inbox, one report, search, answers, export and retention."""

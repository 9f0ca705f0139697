"""Who may read: officers, sessions, keys and the audit log."""

"""Who may read: officers, sign-in, sessions, keys and the audit log."""

"""What people hear: the voice port and the speech engines behind it."""

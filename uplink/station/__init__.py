"""The far end: receives and keeps sealed chunks, and opens them for an officer."""

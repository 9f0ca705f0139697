"""A Hmong voice for eSpeak NG, built from this project's tables and the installed speech data."""

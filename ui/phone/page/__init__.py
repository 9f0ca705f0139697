"""Builds the page for phones from its scripts, the questionnaire, words and pictures."""

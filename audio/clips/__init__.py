"""Prompts as sound files: rendering, voice packs recorded by people, and their checks."""

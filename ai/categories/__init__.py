"""Categorise on this machine by a chat's memory, brands, word lists and a bundled model."""

"""Rows of imported files on their way to entries, and the entries that they may already be."""

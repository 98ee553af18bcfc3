"""Define rows of imported files, and find the entries that they may already be."""

"""Choose the categories of entries, and learn from corrections."""

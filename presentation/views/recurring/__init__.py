"""Views of series of entries that come again."""

"""Show series of entries that come again."""

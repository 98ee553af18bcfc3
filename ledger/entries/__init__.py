"""Define entries with their history and source keys, and the filters that find them."""

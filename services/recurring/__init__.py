"""Keep series of entries that come again, book them and remind of them."""

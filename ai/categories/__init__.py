"""The local categoriser: a chat's memory, brands, word lists and a small bundled model."""

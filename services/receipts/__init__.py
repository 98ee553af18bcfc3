"""Keep receipts, have them read, and book or ask."""

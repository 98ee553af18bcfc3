"""Take receipts: keep, read, book or ask."""

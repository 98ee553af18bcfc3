"""Take texts, receipts, voice notes, locations and files."""

"""Take messages that are not commands: texts, receipts, voice notes, locations and files."""

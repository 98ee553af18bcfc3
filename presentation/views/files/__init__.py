"""Show files that people send (receipts, voice notes, statements) and files that they ask for."""

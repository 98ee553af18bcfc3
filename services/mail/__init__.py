"""Keep addresses of people, send them summaries, and take receipts that they send."""

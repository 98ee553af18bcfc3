"""The way from the first release's database to today's schema."""

"""Open and share connections to SQLite and PostgreSQL."""

"""Keep the inbox, jobs, outbox and dead letters in tables."""

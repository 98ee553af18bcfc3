"""Rules that tell what changed in a ledger, what is unusual, and what to expect."""

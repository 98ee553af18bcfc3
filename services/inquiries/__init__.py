"""Answer questions about a ledger: read them by its names, run the query, keep it for the next one."""

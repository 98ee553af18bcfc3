"""Define periods and days of a ledger's calendar, and compute when something is due."""

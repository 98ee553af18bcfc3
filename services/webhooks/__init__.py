"""Keep webhooks, and tell them what changes in their ledgers."""

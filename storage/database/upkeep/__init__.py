"""Check, dump, prune and replay a database."""

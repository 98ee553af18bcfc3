"""Store due moments, the pushes that were claimed, and pinned cards."""

"""Store what programs need: answers by key, and webhooks."""

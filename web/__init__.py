"""The HTTP entrypoint: webhook, health, metrics."""

"""The HTTP door: webhook, health, metrics, API, dashboard."""

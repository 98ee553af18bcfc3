"""Serve the webhook, health and metrics over HTTP."""

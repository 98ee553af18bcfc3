"""Deliver updates to the bot, by getUpdates or by a webhook."""

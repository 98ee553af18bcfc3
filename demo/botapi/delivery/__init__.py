"""Updates on their way to the bot, by getUpdates or by a webhook."""

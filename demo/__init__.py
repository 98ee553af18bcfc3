"""Simulate Telegram for trying the bot, with a Bot API server and a chat page."""

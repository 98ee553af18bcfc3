"""Serve the Bot API's methods of an expense bot; the server refuses requests as Telegram does."""

"""A Bot API server with the methods of an expense bot; it refuses requests as Telegram does."""

"""A Bot API server: the methods an expense bot may use, refusing what Telegram refuses."""

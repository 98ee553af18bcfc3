"""A Telegram of our own to try the bot on: Bot API server and chat page."""

"""A simulated Telegram for trying the bot: a Bot API server and a chat page."""

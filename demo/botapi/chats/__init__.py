"""Chat information and the bot's own profile."""

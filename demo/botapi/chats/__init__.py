"""Serve chat information and the bot's own profile."""

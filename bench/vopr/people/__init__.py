"""Simulate what people do with the bot, and compare what came of it."""

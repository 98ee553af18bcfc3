"""Answers, pushes and results of jobs as messages of a chat; knows nothing of Telegram."""

"""Dates of a message: words and numbers that name a day, and a chat's conventions."""

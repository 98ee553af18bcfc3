"""Compose and run the program; this layer imports all others, and none imports it."""

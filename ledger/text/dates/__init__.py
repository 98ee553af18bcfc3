"""Read the dates of a message by a chat's conventions."""

"""The user's door: each handler calls one service, renders one view, replies."""

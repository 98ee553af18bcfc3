"""Send, edit and delete messages, their keyboards and button presses."""

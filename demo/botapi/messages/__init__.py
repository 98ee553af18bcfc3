"""Methods that send, edit and delete messages, their keyboards and button presses."""

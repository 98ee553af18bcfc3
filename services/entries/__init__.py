"""Book, correct, undo and confirm entries."""

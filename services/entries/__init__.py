"""Write entries: book, correct, undo, confirm."""

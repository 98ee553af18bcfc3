"""Cards of entries: their pages of choices, their doubts, and what an edit made of them."""

"""Take texts and voice notes: entries, questions, answers."""

"""Find the periods that a question names."""

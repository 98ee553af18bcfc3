"""Find what a pressed button means, and run it."""

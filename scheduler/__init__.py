"""The clock's door: a few ticks that ask what is due."""

"""Run a few ticks that ask what is due."""

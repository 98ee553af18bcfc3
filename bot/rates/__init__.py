"""Published exchange rates: the bundled history, and its daily refreshment."""

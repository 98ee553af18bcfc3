"""Import published exchange rates from the bundled history, and refresh them daily."""

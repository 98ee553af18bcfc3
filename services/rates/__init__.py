"""Exchange rates: finding, setting, counting again, and asking for those that nobody publishes."""

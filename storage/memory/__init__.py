"""Keep the claims of one process in memory, and a whole queue for tests."""

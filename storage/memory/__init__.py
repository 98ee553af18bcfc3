"""Keep queues in memory: claims of one process, and a whole queue for tests."""

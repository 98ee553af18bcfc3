"""Take an update from the worker to the one handler that is for it, and explain its errors."""

"""Read receipts, categories and speech by plugs of the sockets in `ports`."""

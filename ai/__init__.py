"""The plugs that read: receipts, categories, speech."""

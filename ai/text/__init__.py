"""Read typed words that the grammar of `ledger.text` refused."""

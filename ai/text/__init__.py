"""Readers of typed words beside the grammar of `ledger.text`."""

"""Decisions about a message: its amounts, its entries, and the evidence against them."""

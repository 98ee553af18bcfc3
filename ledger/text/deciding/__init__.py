"""Decide about the amounts and entries of a message, by evidence for and against them."""

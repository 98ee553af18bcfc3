"""Measure the resident memory of a quiet process, and say which modules hold it."""

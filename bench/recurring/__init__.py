"""Measure how series are found, and how fast and how often they are booked."""

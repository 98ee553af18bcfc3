"""Entries that come again: their series, bookings and reminders."""

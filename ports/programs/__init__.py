"""Declare what is kept for programs: answers to give again, and webhooks."""

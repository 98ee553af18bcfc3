"""Implement the commands of the program."""

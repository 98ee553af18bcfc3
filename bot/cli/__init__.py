"""The commands of the program that read, check and export."""

"""Every socket on one page each, and the values that cross it."""

"""Declare the sockets that plugs fill, and the values that cross them."""

"""Read requests, find their method, limit and log them."""

"""Reading requests, finding their method, limiting and logging them."""

"""Show insights, and the instruction by which a model may phrase them."""

"""The fields of a receipt: candidates for each, their features, and the model that ranks them."""

"""Find candidates for each field of a receipt, and rank them by a model of features."""

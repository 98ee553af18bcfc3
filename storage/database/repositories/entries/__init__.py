"""Store entries with their history and its evidence; filter and sum them."""

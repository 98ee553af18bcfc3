"""Read the numbers of a message as amounts, currencies, or neither."""

"""Numbers of a message: amounts, currencies, and the numbers that are neither."""

"""Read and write rows on one connection, as values of `ledger`."""

"""Define series of entries that come again, such as rent, and the contracts behind them."""

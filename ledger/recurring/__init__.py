"""Series of entries that come again: rent, salary, subscriptions and the contracts behind them."""

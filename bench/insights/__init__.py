"""Backtest forecasts and unusual entries on a household's ledger and on synthetic ones."""

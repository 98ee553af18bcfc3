"""Define budgets: what they count, their state on a day, their thresholds, and a projection."""

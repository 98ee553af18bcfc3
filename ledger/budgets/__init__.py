"""Define budgets with their scope, their state on a day, their thresholds, and a projection."""

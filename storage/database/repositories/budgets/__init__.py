"""Store budgets and the alerts that were sent, and sum what budgets count."""

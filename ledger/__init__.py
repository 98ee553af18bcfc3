"""Define pure values and rules, without await, clock or vendor."""

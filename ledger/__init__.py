"""The ground: pure values and rules. No await, no clock, no vendor."""

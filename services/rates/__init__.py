"""Find, set and ask for exchange rates, and count entries again by better ones."""

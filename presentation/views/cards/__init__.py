"""Show cards of entries with their choices and doubts, and the result of an edit."""

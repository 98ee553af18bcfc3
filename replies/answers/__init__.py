"""Say answers that need more than a view, one subject in each module."""

"""Report figures: summaries, pages, budgets, exports, pushes."""

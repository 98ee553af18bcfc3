"""Show answers to what is asked: summaries, their entries, and the filter that was read."""

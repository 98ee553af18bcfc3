"""Formatted text: HTML, Markdown and entities, counted in UTF-16 units."""

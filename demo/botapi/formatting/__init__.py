"""Read formatted text as HTML, Markdown or entities, counted in UTF-16 units."""

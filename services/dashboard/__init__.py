"""Read what the dashboard shows, as typed figures with the filters that open their entries."""

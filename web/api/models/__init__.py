"""Define what crosses the API, one model for each body, query and answer."""

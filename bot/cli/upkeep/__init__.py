"""Look after databases and files by hand."""

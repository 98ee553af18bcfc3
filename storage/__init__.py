"""The plugs for databases and blobs."""

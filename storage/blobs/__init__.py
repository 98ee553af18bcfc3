"""Store files in a folder (`disk`), or a bucket (`s3`, when it comes)."""

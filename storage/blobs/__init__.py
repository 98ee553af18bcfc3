"""Stores of files: a folder (`disk`), or a bucket (`s3`, when it comes)."""

"""Opening of untrusted files: known kinds only, limits before decoding, no metadata.

Everything here runs in the reader's child process, except `kinds`.
"""

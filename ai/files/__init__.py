"""Open untrusted files of known kinds, with limits before decoding and without metadata.

Everything here runs in the reader's child process, except `kinds`.
"""

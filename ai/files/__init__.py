"""Opening files that strangers sent: known kinds only, limits before decoding, metadata dropped.

Everything here runs in the reader's child process, never in the main one.
"""

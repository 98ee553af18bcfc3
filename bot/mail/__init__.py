"""Talk with mail servers: send by SMTP, take receipts in by IMAP.

Both use the standard library in a thread. A mail a week and a look a minute need no more, and each of the
asynchronous clients would be one more dependency.
"""

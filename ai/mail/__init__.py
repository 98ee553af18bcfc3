"""Take mails apart in a child process."""

"""Open files of banks of any known format, in a child process with limits of memory and time."""

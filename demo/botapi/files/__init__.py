"""Store, size, send and download files of chats."""

"""Store chats, ledgers, members and conversations; move and delete them."""

"""Define exchange rates of days, the ones that chats set themselves, and the rules about both."""

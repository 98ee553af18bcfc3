"""Files of chats: stored, sized, sent as media and downloaded."""

"""Show settings, the set-up of a new chat, and the deletion of everything."""

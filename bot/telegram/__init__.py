"""Talk to the Bot API: client, composing, delivery, pacing, files."""

"""Lines of a message: characters, tokens, annotations, parts and notes."""

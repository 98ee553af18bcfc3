"""Read the lines of a message into characters, tokens, annotations, parts and notes."""

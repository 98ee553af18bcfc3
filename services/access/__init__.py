"""Let people and their programs in over HTTP: proofs, sessions, tokens, links, and ledgers."""

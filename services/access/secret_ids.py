"""Make secrets for sessions, tokens and links, and the digests that are stored in their place.

A secret has 256 random bits, so a plain digest is enough: there is nothing to guess, and a lookup by
digest tells nothing through its time.
"""

from __future__ import annotations

import hashlib
import re
import secrets

BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """Return 43 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(BYTES)


def is_secret(text: str) -> bool:
    """Return whether a text has the shape of a secret, so that other texts cost no look-up."""
    return _SECRET.fullmatch(text) is not None


def digest_of(purpose: str, secret: str) -> str:
    """Return the digest to store; `purpose` keeps a secret of one kind from opening another."""
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()

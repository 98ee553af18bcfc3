"""Name stored files by random keys of 128 bits."""

from __future__ import annotations

import re
import secrets

KEY_BYTES = 16
_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_hex(KEY_BYTES)


def is_key(text: str) -> bool:
    """Return whether a text has the form of a key, so that it leads nowhere else."""
    return _KEY.fullmatch(text) is not None

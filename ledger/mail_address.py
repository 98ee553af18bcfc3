"""Parse addresses for mail."""

from __future__ import annotations

import re

from ledger.errors import InputError

_LENGTH_MAX = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL_MAX = 64
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def parse_address(words: str) -> str:
    """Return an address in small letters, with the domain in ASCII.

    Raises:
        InputError: `mail_address` (`words`), for anything else.
    """
    local, _, domain = words.strip().casefold().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        raise InputError("mail_address", words=words) from None
    labels = ascii_domain.split(".")
    fits = len(local) <= _LOCAL_MAX and len(local) + len(ascii_domain) < _LENGTH_MAX
    named = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    if not (fits and named and _LOCAL.fullmatch(local)):
        raise InputError("mail_address", words=words)
    return f"{local}@{ascii_domain}"

"""Encrypt files at rest by AES-256-GCM, with keys that can be rotated.

A sealed file is a mark, the id of its key, a nonce, and the ciphertext with its tag. Mark, id and
the file's own name are authenticated too, so a file that was cut, altered or put in another's place
is refused. The first key writes and all keys read. A file without the mark was stored before there
was a key; it is returned as it is until `kvitto reseal` rewrites it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.errors import UnavailableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"\x00kvitto\x01"
KEY_BYTES = 32
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD_BYTES = len(MARK) + _ID_BYTES
_NO_KEY = "a file was encrypted with a key that RECEIPT_KEY does not hold"
_DAMAGED = "an encrypted file is damaged; restore it from a backup"


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens files; `ciphers` holds each key by its id, the writing one first.

    Without keys files are stored as they are.
    """

    ciphers: Mapping[bytes, AESGCM] = field(default_factory=dict)

    def seal(self, name: str, data: bytes) -> bytes:
        """Return a file's sealed bytes. A random nonce is safe for four billion files a key."""
        if not self.ciphers:
            return data
        key_id, cipher = next(iter(self.ciphers.items()))
        nonce, head = secrets.token_bytes(_NONCE_BYTES), MARK + key_id
        return head + nonce + cipher.encrypt(nonce, data, head + name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """Return the bytes as they were stored.

        Raises:
            UnavailableError: RECEIPT_KEY lacks the file's key, or the file is damaged.
        """
        if not is_sealed(sealed):
            return sealed
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 -- only where a key is set

        head = sealed[:_HEAD_BYTES]
        cipher = self.ciphers.get(head[len(MARK) :])
        if cipher is None:
            raise UnavailableError("files_unavailable", remedy=_NO_KEY)
        nonce, rest = sealed[_HEAD_BYTES:][:_NONCE_BYTES], sealed[_HEAD_BYTES + _NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, rest, head + name.encode())
        except (InvalidTag, ValueError):
            raise UnavailableError("files_unavailable", remedy=_DAMAGED) from None

    def is_current(self, sealed: bytes) -> bool:
        """Return whether the first key sealed these bytes."""
        return sealed.startswith(MARK + next(iter(self.ciphers)))


def is_sealed(data: bytes) -> bool:
    """Return whether these bytes are a sealed file."""
    return data.startswith(MARK)


def build_sealer(keys: Sequence[bytes]) -> Sealer:
    """Return the sealer of these keys of 32 bytes.

    The cryptography behind it takes 8 MB, so it is imported only where there is a key.
    """
    if not keys:
        return Sealer()
    from cryptography.hazmat.primitives.ciphers.aead import (  # noqa: PLC0415 -- as above
        AESGCM,
    )

    return Sealer({_id_of(key): AESGCM(key) for key in keys})


def _id_of(key: bytes) -> bytes:
    # A hash, so that a file tells nothing about the key but which one it is.
    return hashlib.sha256(b"kvitto receipt key\x00" + key).digest()[:_ID_BYTES]

"""Check the signed data with which Telegram opens a Mini App; pure, without a clock.

The data is a query string. Telegram signs its fields, sorted and joined by line feeds, in two ways:
`hash` with a key made of the bot's token, over every field but itself (`signature` included), and
`signature` with a key of its own, over the bot's id and every field but these two. Either proves
the person. The second one still holds when the bot's token was replaced a moment ago.

Refusals are `login_expired` (open the app again) and `login_invalid` (anything else).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ledger.errors import LoginRefusedError

AGE_MAX = timedelta(hours=24)
"""Telegram's desktop client hands out data that is hours old, so less would lock people out."""
AHEAD_MAX = timedelta(minutes=2)
"""Clocks of two machines differ by some seconds."""
LENGTH_MAX = 8000
"""Characters; the real one has under 2,000."""
FIELDS_MAX = 32
USER_ID_END = 2**52
"""Telegram's ids have at most 52 significant bits."""

_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

VerifySignature = Callable[[bytes, bytes], bool]
"""Tells whether a signature (64 bytes) of a message is Telegram's."""


@dataclass(frozen=True, slots=True)
class InitDataKeys:
    """The keys of one bot."""

    bot_id: int
    secret: bytes = field(repr=False)
    verify: VerifySignature | None = None
    """None where data of another server than Telegram's is expected."""


@dataclass(frozen=True, slots=True)
class InitData:
    """The checked data: who opened the app, when, and from where."""

    user_id: int
    name: str
    username: str | None
    language: str | None
    auth_at: datetime
    start_param: str
    """The end of the link that opened the app; signed, yet chosen by whoever made the link."""
    proof: str
    """Digest of the signed fields, the same for every spelling of this data."""


def build_keys(token: str, verify: VerifySignature | None = None) -> InitDataKeys:
    """Return the keys of the bot that a token belongs to."""
    secret = hmac.digest(b"WebAppData", token.encode(), "sha256")
    return InitDataKeys(int(token.partition(":")[0]), secret, verify)


def check_init_data(raw: str, keys: InitDataKeys, now: datetime) -> InitData:
    """Return what the data says once it is proven.

    Raises:
        LoginRefusedError: `login_invalid` or `login_expired`.
    """
    fields = _parse(raw)
    shown_hash, signature = fields.pop("hash", ""), fields.get("signature", "")
    signed = {name: value for name, value in fields.items() if name != "signature"}
    by_hash = _holds_hash(shown_hash, _joined(fields), keys)
    if not by_hash and not _holds_signature(signature, _joined(signed), keys):
        raise _invalid()
    auth_at = _read_moment(fields.get("auth_date", ""))
    if auth_at > now + AHEAD_MAX:
        raise _invalid()
    if auth_at <= now - AGE_MAX:
        raise LoginRefusedError("login_expired")
    return _load(fields, auth_at, hashlib.sha256(_joined(signed)).hexdigest())


def _parse(raw: str) -> dict[str, str]:
    """Split the query string once, strictly: a doubled field could be read in two ways."""
    if len(raw) > LENGTH_MAX:
        raise _invalid()
    try:
        pairs = parse_qsl(
            raw,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError:
        raise _invalid() from None
    fields = dict(pairs)
    # A line feed inside a value would let one field pass for several, as they are joined by it.
    broken = len(fields) != len(pairs) or "" in fields
    if broken or any(_CONTROL.search(name + value) for name, value in pairs):
        raise _invalid()
    return fields


def _joined(fields: Mapping[str, str]) -> bytes:
    # Lone surrogates in the raw text have no bytes; what cannot be encoded was never signed.
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return text.encode("utf-8", "surrogatepass")


def _holds_hash(shown: str, joined: bytes, keys: InitDataKeys) -> bool:
    """Compare in constant time; only lower-case digits are taken, as Telegram writes them."""
    if not _HASH.fullmatch(shown):
        return False
    return hmac.compare_digest(hmac.new(keys.secret, joined, "sha256").hexdigest(), shown)


def _holds_signature(shown: str, joined: bytes, keys: InitDataKeys) -> bool:
    if keys.verify is None or not _SIGNATURE.fullmatch(shown):
        return False
    message = f"{keys.bot_id}:WebAppData\n".encode() + joined
    return keys.verify(urlsafe_b64decode(f"{shown}=="), message)


def _read_moment(text: str) -> datetime:
    if not _SECONDS.fullmatch(text):
        raise _invalid()
    return datetime.fromtimestamp(int(text), UTC)


def _load(fields: Mapping[str, str], auth_at: datetime, proof: str) -> InitData:
    try:
        user = orjson.loads(fields.get("user", ""))
    except orjson.JSONDecodeError:
        raise _invalid() from None
    user_id = user.get("id") if isinstance(user, dict) else None
    # `type`, since a JSON true is an int for `isinstance`.
    if type(user_id) is not int or not 0 < user_id < USER_ID_END:
        raise _invalid()
    return InitData(
        user_id=user_id,
        name=" ".join(filter(None, (_text(user, "first_name"), _text(user, "last_name")))),
        username=_text(user, "username"),
        language=_text(user, "language_code"),
        auth_at=auth_at,
        start_param=fields.get("start_param", ""),
        proof=proof,
    )


def _text(user: Mapping[str, Any], name: str) -> str | None:
    value = user.get(name)
    return value if isinstance(value, str) else None


def _invalid() -> LoginRefusedError:
    return LoginRefusedError("login_invalid")

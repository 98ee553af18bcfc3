"""Check and convert the values of settings; each raises `ValueError` without the value in it."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, SecretStr

from ledger.money import is_currency
from ports.programs.webhooks import Network

RECEIPT_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Pacing:
    """Telegram's limits: messages a second overall, a second and chat, a minute and group."""

    overall_per_second: int
    chat_per_second: float
    group_per_minute: int


def split_list(value: object) -> Any:  # noqa: ANN401  # whatever was given
    """Split a comma list; blanks and empty parts are left out."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def split_users(value: object) -> object:
    """Split a comma list of ids; commas alone would open the bot to everyone."""
    # "1, 22," is a slip that names its users; "," names no user.
    parts = split_list(value)
    if isinstance(value, str) and value.strip() and not parts:
        raise ValueError
    return parts


def read_pacing(value: object) -> object:
    """Read `30/1/20` or `off`."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    try:
        overall, chat, group = value.split("/")
        pacing = Pacing(int(overall), float(chat), int(group))
    except ValueError:
        raise ValueError from None
    if min(pacing.overall_per_second, pacing.chat_per_second, pacing.group_per_minute) <= 0:
        raise ValueError
    return pacing


def check_token(value: SecretStr | None) -> SecretStr | None:
    """Return a token of the shape that @BotFather gives."""
    if value is not None and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError
    return value


def check_address(value: str) -> str:
    """Return an http(s) address without the slash at its end; empty stays empty."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError
    return value.rstrip("/")


def check_webhook_secret(value: SecretStr | None) -> SecretStr | None:
    """Return a secret of the characters that Telegram takes."""
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError
    return value


def check_database(value: SecretStr) -> SecretStr:
    """Return the address of a SQLite file or a PostgreSQL database."""
    url = value.get_secret_value()
    if re.fullmatch(r"sqlite:///.+", url):
        return value
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError
    return value


def check_store(value: str) -> str:
    """Return a folder or a place in S3."""
    if not value or ("://" in value and not re.fullmatch(r"s3://[^/]+(/.*)?", value)):
        raise ValueError
    return value


def check_receipt_key(value: SecretStr | None) -> SecretStr | None:
    """Return base64 of one key or more."""
    if value is not None:
        decode_keys(value)
    return value


def decode_keys(value: SecretStr) -> tuple[bytes, ...]:
    """Return the keys of a comma list. Raises `ValueError`."""
    try:
        parts = value.get_secret_value().split(",")
        keys = tuple(b64decode(part.strip(), validate=True) for part in parts)
    except binascii.Error:
        raise ValueError from None
    # A key that is there twice would let the list look longer than it is.
    if len(set(keys)) != len(keys) or any(len(key) != RECEIPT_KEY_BYTES for key in keys):
        raise ValueError
    return keys


def check_queue(value: str) -> str:
    """Return `database`, or the address of a FIFO queue."""
    if value != "database" and not re.fullmatch(r"https?://.+\.fifo", value):
        raise ValueError
    return value


def check_currency(value: str) -> str:
    """Return a known ISO code in capitals."""
    if not is_currency(value.upper()):
        raise ValueError
    return value.upper()


def check_zone(value: str) -> str:
    """Return the name of a time zone that exists."""
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        raise ValueError from None
    return value


def read_networks(value: object) -> tuple[Network, ...]:
    """Return networks; one with bits of a host in it is a slip of the finger."""
    return tuple(ip_network(str(one)) for one in split_list(value))


def check_language(value: str) -> str:
    """Return a language tag."""
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        raise ValueError
    return value


WebAddress = Annotated[str, AfterValidator(check_address)]

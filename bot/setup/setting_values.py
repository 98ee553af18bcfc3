"""Read the values of settings from texts; each raises `ValueError` without the text in it."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from ipaddress import ip_network
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.setup.setting_fields import SecretText
from ledger.money import is_currency
from ports.programs.webhooks import Network

T = TypeVar("T")

RECEIPT_KEY_BYTES = 32
PORT_MAX = 65535


@dataclass(frozen=True, slots=True)
class Pacing:
    """Telegram's limits: messages a second overall, a second and chat, a minute and group."""

    overall_per_second: int
    chat_per_second: float
    group_per_minute: int


def one_of(*known: T) -> Callable[[str], T]:
    """Return the reader of one of a few words, as they are written."""

    def read(text: str) -> T:
        for word in known:
            if word == text:
                return word
        raise ValueError

    return read


def list_of(read_one: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Return the reader of a comma list of at least one."""

    def read(text: str) -> tuple[T, ...]:
        found = tuple(map(read_one, split_list(text)))
        if not found:
            raise ValueError
        return found

    return read


def split_list(text: str) -> tuple[str, ...]:
    """Split a comma list; blanks and empty parts are left out."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def secret(check: Callable[[str], object] = str) -> Callable[[str], SecretText | None]:
    """Return the reader of a secret that passes a check; blanks stand for none."""

    def read(text: str) -> SecretText | None:
        if not text.strip():
            return None
        check(text)
        return SecretText(text)

    return read


def or_empty(check: Callable[[str], str]) -> Callable[[str], str]:
    """Return the reader of a text that may be empty, too."""
    return lambda text: check(text) if text else text


def read_filled(text: str) -> str:
    """Return a text that is not empty."""
    if not text:
        raise ValueError
    return text


def read_port(text: str) -> int:
    """Read a port; 0 is none."""
    port = int(text)
    if not 0 <= port <= PORT_MAX:
        raise ValueError
    return port


def read_count(text: str) -> int:
    """Read a whole number from 0 on."""
    if (count := int(text)) < 0:
        raise ValueError
    return count


def read_dollars(text: str) -> Decimal:
    """Read an amount from 0 on."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError from None
    if not amount.is_finite() or amount < 0:
        raise ValueError
    return amount


def read_users(text: str) -> tuple[int, ...]:
    """Read a comma list of ids; commas alone would open the bot to everyone."""
    # "1, 22," is a slip that names its users; "," names no user.
    parts = split_list(text)
    if text.strip() and not parts:
        raise ValueError
    return tuple(map(int, parts))


def read_pacing(text: str) -> Pacing | None:
    """Read `30/1/20` or `off`."""
    if text.strip().lower() == "off":
        return None
    try:
        overall, chat, group = text.split("/")
        pacing = Pacing(int(overall), float(chat), int(group))
    except ValueError:
        raise ValueError from None
    if min(pacing.overall_per_second, pacing.chat_per_second, pacing.group_per_minute) <= 0:
        raise ValueError
    return pacing


def check_token(value: str) -> None:
    """See to it that a token has the shape of those that @BotFather gives."""
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
        raise ValueError


def read_address(value: str) -> str:
    """Return an http(s) address without the slash at its end; empty stays empty."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError
    return value.rstrip("/")


def check_webhook_secret(value: str) -> None:
    """See to it that a secret has only characters that Telegram takes."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        raise ValueError


def read_database(url: str) -> SecretText:
    """Read the address of a SQLite file or a PostgreSQL database."""
    parts = urlsplit(url)
    is_server = parts.scheme in {"postgresql", "postgres"} and parts.path.strip("/")
    if not is_server and not re.fullmatch(r"sqlite:///.+", url):
        raise ValueError
    return SecretText(url)


def read_store(value: str) -> str:
    """Return a folder or a place in S3."""
    if not value or ("://" in value and not re.fullmatch(r"s3://[^/]+(/.*)?", value)):
        raise ValueError
    return value


def decode_keys(value: str) -> tuple[bytes, ...]:
    """Return the keys of a comma list of base64. Raises `ValueError`."""
    try:
        keys = tuple(b64decode(part.strip(), validate=True) for part in value.split(","))
    except binascii.Error:
        raise ValueError from None
    # A key that is there twice would let the list look longer than it is.
    if len(set(keys)) != len(keys) or any(len(key) != RECEIPT_KEY_BYTES for key in keys):
        raise ValueError
    return keys


def read_queue(value: str) -> str:
    """Return `database`, or the address of a FIFO queue."""
    if value != "database" and not re.fullmatch(r"https?://.+\.fifo", value):
        raise ValueError
    return value


def read_currency(value: str) -> str:
    """Return a known ISO code in capitals."""
    if not is_currency(value.upper()):
        raise ValueError
    return value.upper()


def read_zone(value: str) -> str:
    """Return the name of a time zone that exists."""
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):
        raise ValueError from None
    return value


def read_networks(text: str) -> tuple[Network, ...]:
    """Return networks; one with bits of a host in it is a slip of the finger."""
    return tuple(map(ip_network, split_list(text)))


def read_language(value: str) -> str:
    """Return a language tag."""
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", value):
        raise ValueError
    return value

"""Declare webhooks: addresses of programs that are told what changes in a ledger."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from ledger.errors import InputError

URL_MAX = 500
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""The addresses of IPv6 on the internet; around them are older forms of local and of IPv4 ones."""
# The first stands for addresses of IPv4, which may be private ones. Clouds give machines their secrets
# at addresses of the other two, which `is_global` takes for addresses of the internet.
_HIDDEN = tuple(map(ipaddress.ip_network, ("2002::/16", "192.0.0.0/24", "168.63.129.16/32")))
_LOCAL = frozenset({"localhost", "local", "internal", "lan", "home", "localdomain"})
"""Last parts of names that only a private network knows."""
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Tells which addresses may be called, so that nobody reaches this machine's neighbours."""

    networks: tuple[Network, ...] = ()
    """Private networks that the operator allows."""

    def allows(self, text: str) -> bool:
        """Return whether an IP address may be called."""
        try:
            found = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return False
        address = _unmapped(found)
        if any(address in one for one in self.networks if one.version == address.version):
            return True
        if isinstance(address, ipaddress.IPv6Address) and address not in _GLOBAL_UNICAST:
            return False
        hidden = any(address in one for one in _HIDDEN if one.version == address.version)
        return address.is_global and not (address.is_multicast or hidden)

    def check(self, url: str) -> None:
        """Refuse an address that can never be called.

        Raises:
            InputError: `webhook_url`, or `webhook_private` for one of a private network.
        """
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise InputError("webhook_url") from None
        # Over plain http anybody on the way could read the amounts.
        schemes = {"https", "http"} if self.networks else {"https"}
        is_plain = parts.username is None and parts.password is None and url.isascii()
        if parts.scheme not in schemes or not host or not is_plain or len(url) > URL_MAX:
            raise InputError("webhook_url")
        if not self._may_be_called(host):
            raise InputError("webhook_private")

    def _may_be_called(self, host: str) -> bool:
        """Return whether a host is one of the internet, as far as its spelling tells."""
        if _is_address(host):
            return self.allows(host)
        *parents, last = host.rstrip(".").split(".")
        # Resolvers take `127.1`, `0x7f.1` and `2130706433` for addresses.
        if _NUMBER.fullmatch(last):
            return False
        return bool(self.networks) or (bool(parents) and last not in _LOCAL)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of every change of a ledger's entries."""

    id: str
    ledger_id: int
    user_id: int
    url: str
    secret: str
    """The key of its signatures, as Standard Webhooks writes it."""
    position: int
    """Number of the last change that it was told (`ledger.entries.changes.ChangedEntry`)."""
    made_at: datetime
    failed_at: datetime | None = None
    """When it was given up; from then on it is told nothing."""

    @property
    def host(self) -> str:
        """Return the part of the address that may be shown."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class DueWebhook:
    """A webhook that has not been told everything, with the chat of its ledger."""

    id: str
    chat_id: int


class Webhooks(Protocol):
    """Keeps webhooks."""

    def add(self, webhook: Webhook) -> None:
        """Insert."""

    def list_all(self, ledger_id: int) -> list[Webhook]:
        """Return the webhooks of a ledger, the oldest first."""

    def find(self, webhook_id: str) -> Webhook | None:
        """Return a webhook of any ledger."""

    def remove(self, webhook_id: str) -> None:
        """Delete."""

    def due(self, limit: int) -> list[DueWebhook]:
        """Return webhooks that have something to be told.

        Those that were given up, or whose maker is no longer a member, are left out.
        """

    def advance(self, webhook_id: str, position: int) -> None:
        """Keep the last change that was told; a webhook that was given up goes on."""

    def give_up(self, webhook_id: str, now: datetime) -> bool:
        """Tell it nothing from now on; False when it was given up before or is removed."""


class WebhookPoster(Protocol):
    """Posts to addresses on the internet."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post, following no redirect.

        Raises:
            PermanentError: The address says that it is gone for good (410).
            UnavailableError: It did not take the message, or may not be called.
        """


def _unmapped(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True

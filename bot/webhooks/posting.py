"""Post to addresses on the internet, never to this machine or its neighbours.

A name is looked up once, its addresses are checked, and the connection goes to one of these, so a
name that changes in between leads nowhere else. Redirects are not followed.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.helpers import is_ip_address

from ledger.errors import UnavailableError
from ports.programs.webhooks import AddressRule
from ports.queue import PermanentError

SECONDS_MAX = 15
_GONE = 410


class GoneError(PermanentError):
    """Raised where a receiver says that it wants no more messages."""


@dataclass(frozen=True, slots=True)
class HttpPoster:
    """`ports.programs.webhooks.WebhookPoster` over aiohttp."""

    rule: AddressRule = field(default_factory=AddressRule)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post; see `WebhookPoster.post`."""
        host = urlsplit(url).hostname or ""
        # An address in place of a name is not looked up, so no resolver sees it. The client reads one
        # in other digits and stops, too, which `rule.check` refuses with all that is not ASCII.
        is_unchecked = is_ip_address(host) or not host.isascii()
        if is_unchecked and not self.rule.allows(host):
            raise UnavailableError("webhook_private")
        try:
            status = await self._post(url, body, headers)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnavailableError("webhook_unreachable") from error
        if status == _GONE:
            raise GoneError("webhook_gone")
        if not 200 <= status < 300:  # noqa: PLR2004
            raise UnavailableError("webhook_refused")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        # A session for each, as a connection that is kept could outlive its checked address.
        connector = aiohttp.TCPConnector(resolver=CheckedResolver(self.rule), force_close=True)
        timeout = aiohttp.ClientTimeout(total=SECONDS_MAX)
        sent = {"Content-Type": "application/json", "User-Agent": "kvitto", **headers}
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.post(url, data=body, headers=sent, allow_redirects=False) as answer,
        ):
            # The body is not read: it may be endless, and nothing in it counts.
            return answer.status


class CheckedResolver(AbstractResolver):
    """Looks names up, and gives out only addresses that may be called."""

    def __init__(self, rule: AddressRule) -> None:
        self._rule = rule
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name. Raises `OSError` where none of them may be called."""
        found = await self._resolver.resolve(host, port, family)
        allowed = [one for one in found if self._rule.allows(one["host"])]
        if not allowed:
            message = "no address that may be called"
            raise OSError(message)
        return allowed

    async def close(self) -> None:
        """Release what the system's resolver holds."""
        await self._resolver.close()

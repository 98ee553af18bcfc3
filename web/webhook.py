"""Take updates that Telegram posts, and answer 200 only when they are stored.

Telegram repeats an update until the answer is 2xx and honours Retry-After, so "not now" is a 503
and loses nothing. The secret is compared in constant time before the body is read.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from ledger.errors import InputError, UnavailableError

PATH = "/telegram"
BODY_BYTES_MAX = 2 << 20
"""An update is some kilobytes; the largest, with long texts and entities, stay far below this."""
BODY_SECONDS = 20
RETRY_SECONDS = 5
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name

Store = Callable[[bytes], Awaitable[None]]
"""Stores an update, given as its JSON text, durably; raises `InputError` when it is none,
`UnavailableError` for later."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Receives Telegram's posts."""

    secret: str
    store: Store

    def __post_init__(self) -> None:
        """Refuse an empty secret, which would let anybody in."""
        assert self.secret, "a webhook needs a secret"

    async def post(self, request: web.Request) -> web.Response:
        """Answer 200 (stored), 400 (no update), 401 (wrong secret), 413, or 503 (later)."""
        if not self._is_telegram(request):
            return web.Response(status=401, text="unauthorized")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
            await self.store(body)
        except TimeoutError:
            return web.Response(status=408, text="too slow")
        except InputError:
            # Telegram repeats this one too, for a day at most.
            return web.Response(status=400, text="not an update")
        except UnavailableError:
            return web.Response(
                status=503, text="later", headers={"Retry-After": str(RETRY_SECONDS)}
            )
        return web.Response(text="ok")

    def _is_telegram(self, request: web.Request) -> bool:
        shown = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(
            # Bytes, because `compare_digest` refuses text beyond ASCII, which anybody may send.
            shown.encode("utf-8", "surrogateescape"),
            self.secret.encode("ascii"),
        )

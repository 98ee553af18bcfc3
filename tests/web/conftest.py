"""The HTTP server with doors of the test's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.telegram.jsontext import parse_json
from ledger.errors import InputError, UnavailableError
from web.app import add_ops_paths, build_public_app, open_server
from web.health import Health
from web.webhook import Webhook

SECRET = "a-Secret_of-the-Webhook"


@dataclass(slots=True)
class Http:
    """A client of the server, and what the server's doors saw and will say."""

    session: aiohttp.ClientSession
    url: str
    stored: list[object] = field(default_factory=list)
    error: Exception | None = None
    troubles: dict[str, str | None] = field(default_factory=lambda: {"database": None})

    async def store(self, body: bytes) -> None:
        if self.error:
            raise self.error
        try:
            update = parse_json(body)
        except ValueError:
            update = None
        if not isinstance(update, dict) or "update_id" not in update:
            raise InputError("no_update")
        self.stored.append(update)

    async def find_troubles(self) -> dict[str, str | None]:
        if isinstance(self.error, UnavailableError):
            return {"database": "away"}
        return self.troubles

    async def render(self) -> bytes:
        return b"kvitto_polls 1\n"


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        client = Http(session, "")
        health = Health(client.find_troubles, client.render)
        app = build_public_app(health, Webhook(SECRET, client.store))
        add_ops_paths(app, health)
        async with open_server(app, "127.0.0.1", 0) as port:
            client.url = f"http://127.0.0.1:{port}"
            yield client

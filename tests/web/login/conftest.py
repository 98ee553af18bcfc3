"""A site over a real database, with people whose data is signed as Telegram does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.engine.documents import DocumentProcess
from ledger.chats import Member
from ports.access import AccessScope
from ports.repositories import Repositories
from services.access.init_data import build_keys
from services.access.ledgers import AccessRequest, list_ledgers, open_ledger
from services.access.tokens import PRESETS, make_token
from services.entering import SeenChat
from services.scope import Scope
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.init_data import SIGNED_AT, TOKEN, init_data
from tests.services.setup import new_desk
from web.answers import respond_json
from web.app import build_public_app, open_server
from web.health import Health
from web.login.callers import identify
from web.login.cross_site import PAGE_HEADER
from web.site import Backend, Site, backend_of

ANN = Member(7, "Ann", "ann", "en")
BO = Member(8, "Bo", None, "de")
GROUP = -100


@dataclass(slots=True)
class Visit:
    """A site of this test with its people, and a clock that the test moves."""

    http: aiohttp.ClientSession
    database: Database
    site: Site
    url: str = ""
    now: datetime = SIGNED_AT + timedelta(seconds=5)
    later: timedelta = timedelta()

    @property
    def page(self) -> dict[str, str]:
        """The headers that the site's own page sends with a change."""
        return {"Origin": self.url, PAGE_HEADER: "1"}

    def tell_time(self) -> datetime:
        return self.now + self.later

    async def enter(self, member: Member, chat_id: int | None = None) -> str:
        """Let a person write in a chat (their own without an id); return its public id."""
        seen = SeenChat(chat_id or member.user_id, "group" if chat_id else "private", "Flat")
        entering = new_desk().entering
        async with self.database.units.open(now=self.now) as unit:
            presence = await unit.run(
                partial(entering.enter, seen=seen, person=member, now=self.now)
            )
        return presence.chat.ledger.key

    async def make_token(self, key: str, member: Member, preset: str = "write") -> str:
        """Make a token of a ledger as its member; return the secret."""

        def make(repositories: Repositories) -> str:
            presence = repositories.chats.of_key(key, member.user_id)
            assert presence
            scope = Scope(repositories, presence.chat.ledger, member.user_id, self.now)
            return make_token(scope, PRESETS[preset]).secret

        async with self.database.units.open(now=self.now) as unit:
            return await unit.run(make)

    async def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
        """Ask the site; return status and document."""
        return await self.send(path, method, headers)

    async def send(self, path: str, method: str, headers: dict[str, str]) -> tuple[int, Any]:
        """Ask the site with headers whose names are no words of Python."""
        if "Cookie" in headers:
            # The client's own cookie of this name would win.
            self.http.cookie_jar.clear()
        async with self.http.request(method, self.url + path, headers=headers) as answer:
            found = await answer.json(content_type=None) if answer.status != 204 else {}
            return answer.status, found

    async def sign_in(self, raw: str) -> int:
        """Open a session whose cookie the client keeps; return the status."""
        status, _ = await self.ask("/app/session", "POST", Authorization=f"tma {raw}")
        return status


async def probe(request: web.Request) -> web.Response:
    """Open a ledger as the routes of the API do: to read by GET, to write by POST."""
    needs = AccessScope.READ if request.method == "GET" else AccessScope.WRITE
    caller, backend = await identify(request), backend_of(request)

    def look(repositories: Repositories) -> str:
        asked = AccessRequest(repositories, caller, backend.clock())
        return open_ledger(asked, request.match_info["id"], needs).chat.title

    return respond_json({"title": await backend.read(look)})


async def mine(request: web.Request) -> web.Response:
    caller, backend = await identify(request), backend_of(request)

    def look(repositories: Repositories) -> list[str]:
        asked = AccessRequest(repositories, caller, backend.clock())
        return [one.scope.ledger.key for one in list_ledgers(asked)]

    return respond_json(await backend.read(look))


@asynccontextmanager
async def serving(database: Database, site: Site) -> AsyncIterator[Visit]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        visit = Visit(http, database, site)
        site.backend = Backend(
            units=database.units,
            services=new_desk(),
            keys=build_keys(TOKEN),
            clock=visit.tell_time,
            wake=lambda: None,
            blobs=DiskBlobs(Path("no-files")),
            documents=DocumentProcess(),
        )
        health = Health(no_troubles, no_metrics)
        app = build_public_app(health, site=site)
        app.router.add_route("GET", "/api/v1/ledgers/{id}/probe", probe)
        app.router.add_route("POST", "/api/v1/ledgers/{id}/probe", probe)
        app.router.add_get("/api/v1/mine", mine)
        async with open_server(app, "127.0.0.1", 0) as port:
            visit.url = f"http://127.0.0.1:{port}"
            yield visit


async def no_troubles() -> dict[str, str | None]:
    return {}


async def no_metrics() -> bytes:
    return b""


@pytest.fixture
async def visit(database: Database) -> AsyncIterator[Visit]:
    async with serving(database, Site()) as found:
        yield found


def data_of(member: Member, **more: str) -> str:
    """Return signed data of a member."""
    return init_data({"id": member.user_id, "first_name": member.name}, SIGNED_AT, **more)

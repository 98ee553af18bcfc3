"""The API over a real database and a real port, with people of chats who call it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from bot.engine.documents import DocumentProcess
from ledger.chats import Chat, ChatKind, Member
from ports.access import ALL_SCOPES, AccessScope
from ports.answers.access import MadeToken
from ports.outbox import OutboxMessage
from ports.repositories import Repositories
from services.access.init_data import build_keys
from services.access.tokens import make_token
from services.bundle import Services
from services.entering import SeenChat
from services.scope import Scope
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.init_data import TOKEN, init_data
from tests.services.setup import ANN, BO, new_desk
from web.app import build_public_app, open_server
from web.health import Health
from web.site import Backend, Site

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STRANGER = Member(9, "Eve", None, "en")
HOME, GROUP = 7, -100


@dataclass(slots=True)
class Answer:
    """What a call was answered."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    json: Any


@dataclass(slots=True)
class ApiStage:
    """A client of the API, and the rows behind it."""

    session: aiohttp.ClientSession
    database: Database
    services: Services
    blobs: DiskBlobs
    site: Site = field(default_factory=Site)
    url: str = ""
    now: datetime = NOW
    logins: dict[str, str] = field(default_factory=dict)
    """Values of the header, by the names of the tests."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    home: str = ""
    group: str = ""
    """Public ids of Ann's own ledger, and of the one that she shares with Bo."""

    async def call(
        self,
        method: str,
        path: str,
        *,
        as_: str = "ann",
        **more: Any,  # noqa: ANN401
    ) -> Answer:
        """Call the API as somebody; an empty name is a stranger."""
        headers = dict(more.pop("headers", {}))
        if as_:
            headers["Authorization"] = self.logins[as_]
        url = path if path.startswith("http") else f"{self.url}{path}"
        async with self.session.request(method, url, headers=headers, **more) as answer:
            body = await answer.read()
            shown = await answer.json(content_type=None) if body[:1] in (b"{", b"[") else None
            return Answer(answer.status, answer.headers, body, shown)

    async def book(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
        """Book an expense in Ann's own ledger."""
        answer = await self.call("POST", f"/ledgers/{self.home}/expenses", json=fields)
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json
        return made

    async def told(self) -> list[OutboxMessage]:
        """Return the messages that wait to be sent, and mark them as sent."""
        waiting = await self.database.outbox.pending(now=self.now, limit=99, skip=frozenset())
        for number, one in enumerate(waiting, start=one_after(self)):
            await self.database.outbox.sent([(one, one.target_id or number)])
        return waiting

    async def log_in(self) -> None:
        """Give sessions to people, and tokens to programs of Ann's."""
        for name, member in (("ann", ANN), ("bo", BO), ("eve", STRANGER)):
            user = {"id": member.user_id, "first_name": member.name}
            self.logins[name] = f"tma {init_data(user, self.now)}"
        scopes = {"reader": AccessScope.READ, "shortcut": AccessScope.CAPTURE}
        for name, one in scopes.items():
            self.logins[name] = await self._make_token(HOME, frozenset({one}))
        self.logins["of-group"] = await self._make_token(GROUP, ALL_SCOPES)

    async def _make_token(self, chat_id: int, scopes: frozenset[AccessScope]) -> str:
        def make(rows: Repositories) -> MadeToken:
            rows.chats.set_admins(GROUP, [ANN.user_id])
            found = rows.chats.find(chat_id)
            assert found is not None
            return make_token(Scope(rows, found.chat.ledger, ANN.user_id, self.now), scopes)

        async with self.database.units.open(now=self.now) as unit:
            return f"Bearer {(await unit.run(make)).secret}"

    async def undo(self) -> None:
        """Let Ann take her last operation in her own ledger back, as `/undo` does."""

        def undo(rows: Repositories) -> object:
            found = rows.chats.find(HOME)
            assert found is not None
            scope = Scope(rows, found.chat.ledger, ANN.user_id, self.now)
            return self.services.history.undo(scope)

        async with self.database.units.open(now=self.now) as unit:
            await unit.run(undo)

    async def enter(self, chat_id: int, kind: ChatKind, *members: Member) -> Chat:
        """Let members be seen in a chat."""
        async with self.database.units.open(now=self.now) as unit:
            chats = [
                await unit.run(
                    lambda rows, one=one: (
                        self.services.entering.enter(  # type: ignore[misc]
                            rows, SeenChat(chat_id, kind, "Home"), one, now=self.now
                        ).chat
                    )
                )
                for one in members
            ]
        chat: Chat = chats[-1]
        return chat

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


_numbers = {"next": 1000}


def one_after(stage: ApiStage) -> int:
    """Return a message id that was not given yet."""
    _ = stage
    _numbers["next"] += 100
    return _numbers["next"]


@asynccontextmanager
async def open_stage(database: Database, folder: Path) -> AsyncIterator[ApiStage]:
    """Serve the API over a database; Ann has a ledger of her own and one with Bo."""
    async with aiohttp.ClientSession() as session:
        stage = ApiStage(session, database, new_desk(), DiskBlobs(folder))
        stage.site.backend = Backend(
            units=database.units,
            services=stage.services,
            keys=build_keys(TOKEN),
            clock=stage.clock,
            blobs=stage.blobs,
            documents=DocumentProcess(),
            wake=stage.woken.set,
        )
        app = build_public_app(Health(_no_troubles, _nothing), site=stage.site)
        stage.home = (await stage.enter(HOME, "private", ANN)).ledger.key
        stage.group = (await stage.enter(GROUP, "group", ANN, BO)).ledger.key
        await stage.log_in()
        async with open_server(app, "127.0.0.1", 0) as port:
            stage.url = f"http://127.0.0.1:{port}/api/v1"
            yield stage


async def _no_troubles() -> dict[str, str | None]:
    return {}


async def _nothing() -> bytes:
    return b""

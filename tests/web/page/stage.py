"""A dashboard over a real ledger, and people who look at it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.engine.documents import DocumentProcess
from ledger.chats import Member
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ledger.settings import Settings
from ledger.stored_receipts import Receipt
from ledger.text import BudgetWords
from ports.repositories import Repositories
from replies.names import list_category_names, list_scope_names
from services.access.init_data import build_keys
from services.bundle import Services
from services.entering import SeenChat
from services.reporting.budgets import set_budget
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from storage import Database
from storage.blobs.disk import DiskBlobs
from tests.init_data import TOKEN, init_data
from tests.services.setup import new_desk
from web.app import build_public_app, open_server
from web.health import Health
from web.page.parts import PageParts
from web.site import Backend, Site

T = TypeVar("T")

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
ANN = Member(7, "Ann", "ann", "en", is_admin=True)
BO = Member(8, "Bo", None, "de")
EVE = Member(9, "Eve", None, "en")
FLAT = -100
DEFAULTS = Settings("EUR", "Europe/Berlin", "en")

LINES = (
    (ANN, "+2400 salary 1 nov"),
    (ANN, "rent 850 1 nov"),
    (BO, "Edeka groceries 84.20 6 nov #weekly"),
    (ANN, "dinner 46.50 14 nov"),
    (BO, "taxi 12 yesterday"),
    (ANN, "lunch 9"),
    (ANN, "rent 850 1 oct\ngroceries 190 9 oct\ndinner 62 10 oct"),
)


@dataclass(slots=True)
class Stage:
    """The site with a ledger of a group, of which Ann and Bo are members."""

    http: aiohttp.ClientSession
    database: Database
    blobs: DiskBlobs
    services: Services = field(default_factory=new_desk)
    url: str = ""
    key: str = ""
    now: datetime = NOW
    sent: int = 0

    async def run(
        self, work: Callable[[Scope], T], *, person: Member = ANN, chat_id: int = FLAT
    ) -> T:
        """Run a service in the scope of a person in a chat, committed."""
        seen = SeenChat(chat_id, "group" if chat_id < 0 else "private", "Flat & Co")

        def in_scope(repositories: Repositories) -> T:
            entered = self.services.entering.enter(repositories, seen, person, now=self.now)
            return work(Scope(repositories, entered.chat.ledger, person.user_id, self.now))

        async with self.database.units.open(now=self.now) as unit:
            return await unit.run(in_scope)

    async def say(self, text: str, person: Member = ANN, chat_id: int = FLAT) -> list[Entry]:
        """Write in the chat; return what was booked."""
        self.sent += 1

        def capture(scope: Scope) -> list[Entry]:
            incoming = IncomingText(
                text,
                f"tg:{chat_id}:{self.sent}",
                self.now,
                addressed=True,
                category_names=list_category_names(scope.settings),
            )
            captured = self.services.capture.from_text(scope, incoming)
            assert captured.booked, captured
            return [one.entry for one in captured.booked]

        return await self.run(capture, person=person, chat_id=chat_id)

    async def budget(self, words: BudgetWords) -> None:
        """Set a budget."""

        def put(scope: Scope) -> None:
            names = list_scope_names(scope.settings)
            set_budget(scope, words, operation_id=f"op-{words.scope}", names=names)

        await self.run(put)

    async def sign_in(self, person: Member = ANN) -> None:
        """Open a session, whose cookie the client keeps."""
        self.http.cookie_jar.clear()
        user = {"id": person.user_id, "first_name": person.name, "language_code": person.language}
        headers = {"Authorization": f"tma {init_data(user, self.now)}"}
        async with self.http.post(f"{self.url}/app/session", headers=headers) as answer:
            assert answer.status == 201, await answer.text()

    async def get(self, path: str = "", status: int = 200, **headers: str) -> str:
        """Return the page of a ledger's address."""
        async with self.http.get(f"{self.url}/app/{self.key}{path}", headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, (answer.status, text[:400])
            return text

    async def post(self, path: str, page: str, **fields: str) -> tuple[int, str]:
        """Send a form of a page; return the status and where it leads, or the page it shows."""
        token = form_token(page)
        async with self.http.post(
            f"{self.url}/app/{self.key}{path}",
            data={"form": token, **fields},
            headers={"Origin": self.url},
            allow_redirects=False,
        ) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def entries(self, person: Member = ANN) -> list[Entry]:
        """Return the live entries, newest first."""
        return await self.run(
            lambda scope: scope.repositories.entries.page(
                scope.ledger.id, EntryFilter(), limit=100
            ),
            person=person,
        )

    async def attach_receipt(self, entry: Entry, data: bytes, reading: dict[str, object]) -> None:
        """Give an entry a receipt with a picture and a reading."""
        key = await self.blobs.put(data, media_type="image/jpeg")
        receipt = Receipt(
            id=f"r{entry.id}"[:26],
            ledger_id=entry.ledger_id,
            source=f"tg:{FLAT}:r{entry.id}",
            user_id=entry.paid_by,
            file_ref="f",
            file_name="receipt.jpg",
            caption="",
            state="booked",
            received_at=self.now,
            blob_key=key,
            clean_key=key,
            reading=reading,
        )

        def put(scope: Scope) -> None:
            scope.repositories.receipts.add(receipt)
            scope.repositories.receipts.save(receipt)
            scope.repositories.entries.save(replace(entry, receipt_id=receipt.id))

        await self.run(put)


def form_token(page: str) -> str:
    """Return the token of the first form of a page."""
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found, "the page has no form"
    return unescape(found[1])


def links(page: str) -> list[str]:
    """Return every address that a page leads to."""
    return [unescape(one) for one in re.findall(r'(?:href|action|src)="([^"]+)"', page)]


@asynccontextmanager
async def open_stage(database: Database, folder: Path) -> AsyncIterator[Stage]:
    """Serve a dashboard with some entries."""
    blobs = DiskBlobs(folder)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        stage = Stage(http, database, blobs)
        site = Site(page=PageParts(DEFAULTS))
        site.backend = Backend(
            units=database.units,
            services=stage.services,
            keys=build_keys(TOKEN),
            clock=lambda: stage.now,
            blobs=blobs,
            documents=DocumentProcess(),
            wake=lambda: None,
        )
        health = Health(_none, _none)  # type: ignore[arg-type]
        async with open_server(build_public_app(health, site=site), "127.0.0.1", 0) as port:
            stage.url = f"http://127.0.0.1:{port}"
            stage.key = await stage.run(lambda scope: scope.ledger.key)
            yield stage


async def _none() -> dict[str, str | None]:
    return {}


async def fill(stage: Stage) -> None:
    """Write the entries and budgets that most tests look at."""
    for person, text in LINES:
        await stage.say(text, person)
    await stage.budget(BudgetWords("groceries", amount=Decimal(250)))
    await stage.budget(BudgetWords("", amount=Decimal(1600)))

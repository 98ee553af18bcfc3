"""A desk over the real categoriser, and people who write to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ai.categories.local import LocalCategoriser
from ledger.chats import Chat, ChatKind, Member
from ledger.entries.source_keys import telegram_source
from ledger.settings import Settings
from ports.jobs import ReadReceipt, ReceiptRead, new_job
from ports.repositories import Repositories
from replies.names import list_category_names
from services.bundle import Services, build_services
from services.entering import InstallationDefaults, SeenChat
from services.receipts.reading import ReceiptPipeline
from services.scope import Scope
from services.texts.incoming_text import IncomingText
from storage import Database

Run = Callable[..., Awaitable[Any]]
"""Runs plain code in a unit of its own, committed."""

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")
ANN = Member(7, "Ann", "ann", "en")
BO = Member(8, "Bo", "bo", "en")
DEFAULTS = InstallationDefaults("EUR", "Europe/Berlin", "en")


@cache
def categoriser() -> LocalCategoriser:
    """The bundled categoriser, loaded once a session; it keeps nothing of a chat."""
    return LocalCategoriser()


def new_desk() -> Services:
    """A desk with empty caches."""
    return build_services(categoriser(), DEFAULTS)


@dataclass(slots=True)
class Table:
    """One chat and its desk; `say` is what the handlers do, without Telegram."""

    services: Services = field(default_factory=new_desk)
    kind: ChatKind = "private"
    message_id: int = 0

    def chat(self, repositories: Repositories, person: Member = ANN, now: datetime = NOW) -> Chat:
        """The chat, begun by its first word."""
        return self.services.entering.enter(
            repositories, SeenChat(1, self.kind, "Home"), person, now=now
        ).chat

    def scope(
        self, repositories: Repositories, *, person: Member = ANN, now: datetime = NOW
    ) -> Scope:
        """The scope of what a person does in the chat."""
        ledger = self.chat(repositories, person, now).ledger
        return Scope(repositories, ledger, person.user_id, now)

    def incoming(
        self,
        repositories: Repositories,
        text: str,
        *,
        person: Member = ANN,
        now: datetime = NOW,
        addressed: bool = False,
    ) -> IncomingText:
        """A message as the handlers hand it on."""
        self.message_id += 1
        chat = self.chat(repositories, person, now)
        return IncomingText(
            text=text,
            source=telegram_source(1, self.message_id),
            chat_kind=self.kind,
            sent_at=now,
            addressed=addressed,
            category_names=list_category_names(chat.settings),
        )


async def read_receipt(
    database: Database, pipeline: ReceiptPipeline, receipt_id: str
) -> ReceiptRead:
    """Read a stored receipt of ledger 1 by a job that this process has claimed."""
    job = ReadReceipt(1, receipt_id)
    async with database.units.open(now=NOW) as unit:
        unit.start(new_job(job, receipt_id))
    (claim,) = await database.jobs.claim(now=NOW, room=lambda _: 1, lease_seconds=60)
    event = await pipeline.run(job, claim)
    assert event is not None
    await database.jobs.done(claim, event=None, now=NOW)
    return event

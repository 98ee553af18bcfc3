"""Make something due in the town's ledgers, and count what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, text

from demo.botapi.world import User
from ledger.chats import Chat
from ledger.entries.source_keys import recurring_source
from ledger.money import Money
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Series
from ports.repositories import Repositories
from services.ids import new_id
from services.recurring.planning import plan_series
from services.reporting.pushes import plan
from services.scope import Scope
from storage import open_database
from storage.database.tables import pushes

_COUNT = text("SELECT count(*) FROM entries WHERE source_key LIKE :key || '%'")


async def let_summaries_be_due(database_url: str, people: list[User]) -> None:
    """Let the weekly summary of these people's ledgers be due, whatever day it is."""
    now = datetime.now(UTC)
    # A week that ends today, summed up at an hour that has begun. The one before it is reported.
    reported = (now - timedelta(days=13)).date().isoformat()

    def move(repositories: Repositories) -> None:
        for person in people:
            ledger = _chat_of(repositories, person).ledger
            new = replace(
                ledger.settings,
                week_start=(now.weekday() + 1) % 7,
                weekly_day=now.weekday(),
                weekly_hour=now.hour,
                timezone="UTC",
            )
            repositories.chats.save_settings(ledger.id, new)
            repositories.pushes.claim(ledger.id, "weekly", reported, now)
            scope = Scope(repositories, replace(ledger, settings=new), 0, now)
            plan(scope, changed=True, before=replace(new, weekly_hour=(now.hour + 1) % 24))

    await _forget_reports(database_url, people)
    await _change(database_url, now, move)


async def _forget_reports(database_url: str, people: list[User]) -> None:
    """Forget which weeks were reported to these people; a new chat counts the one before it as such."""
    async with open_database(database_url, up_to_date=False) as database:
        ledgers = await database.units.read(
            lambda repositories: [_chat_of(repositories, person).ledger.id for person in people]
        )
        weekly = delete(pushes).where(pushes.c.kind == "weekly", pushes.c.ledger_id.in_(ledgers))
        await database.backend.write(lambda connection: connection.execute(weekly))


@dataclass(slots=True)
class Rents:
    """Entries that are due by a rule, each of them once."""

    database_url: str
    sources: list[str] = field(default_factory=list)

    async def let_be_due(self, people: list[User]) -> None:
        """Give each of these people a series whose only occurrence was yesterday."""
        now = datetime.now(UTC)

        def add(repositories: Repositories) -> None:
            for person in people:
                chat = _chat_of(repositories, person)
                series = _rent(chat, person, now)
                repositories.series.put(series, now)
                plan_series(Scope(repositories, chat.ledger, person.id, now), series)
                self.sources.append(recurring_source(series.id, series.plan.rule.start))

        await _change(self.database_url, now, add)

    async def count(self) -> list[int]:
        """Return how often each was booked."""
        async with open_database(self.database_url, up_to_date=False) as database:
            read = database.backend.read
            return [
                int(await read(lambda c: c.execute(_COUNT, {"key": source}).scalar_one()))  # noqa: B023  # awaited here
                for source in self.sources
            ]


def _rent(chat: Chat, person: User, now: datetime) -> Series:
    yesterday: date = (now - timedelta(days=1)).date()
    return Series(
        id=new_id(now),
        ledger_id=chat.ledger.id,
        type="expense",
        money=Money(Decimal("8.50"), chat.ledger.currency),
        note="gym",
        category="",
        plan=Plan(Rule("day", start=yesterday), count=1),
        paid_by=person.id,
        created_by=person.id,
        created_at=now,
    )


def _chat_of(repositories: Repositories, person: User) -> Chat:
    place = repositories.chats.find(person.id)
    assert place is not None, "the person has written before"
    return place.chat


async def _change(database_url: str, now: datetime, work: Callable[[Repositories], None]) -> None:
    async with (
        open_database(database_url, up_to_date=False) as database,
        database.units.open(now=now) as unit,
    ):
        await unit.run(work)

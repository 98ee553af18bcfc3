"""Booking: drafts become entries of the ledger, once, with history, budgets and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledger.budget import Alert, BudgetState
from ledger.days import day_of
from ledger.entry import Converted, Entry
from ledger.money import Money
from ports.answers import Booked, Remark
from ports.repositories import Chat, Repositories
from services.budgets import settle, states_for
from services.categorising import Categorisation, Categorised
from services.history import Recorder


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to book, with the remarks its confirmation must carry."""

    entry: Entry
    remarks: tuple[Remark, ...] = ()
    lines: tuple[str, ...] = ()
    """Names of a receipt's lines; they help to file it."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Writes entries; the one place that does."""

    categorisation: Categorisation

    def book(
        self,
        repositories: Repositories,
        chat: Chat,
        drafts: Sequence[Draft],
        recorder: Recorder,
        *,
        now: datetime,
    ) -> tuple[tuple[Booked, ...], tuple[Alert, ...]]:
        """File, insert, record, and say how the budgets stand afterwards."""
        filed = self.categorisation.file(
            repositories, chat, [(draft.entry, draft.lines) for draft in drafts], now=now
        )
        stored = repositories.entries.add([f.entry for f in filed])
        for entry in stored:
            recorder.entry(None, entry)
        standing = settle(repositories, chat, [(None, entry) for entry in stored], now=now)
        booked = tuple(
            shown(chat, entry, standing.states[entry.id], draft, f)
            for entry, draft, f in zip(stored, drafts, filed, strict=True)
        )
        return booked, standing.alerts

    def show(
        self, repositories: Repositories, chat: Chat, entry: Entry, *, now: datetime
    ) -> Booked:
        """Return an entry of the ledger with what belongs beside it in a confirmation."""
        today = day_of(now, chat.settings.timezone)
        return shown(chat, entry, states_for(repositories, chat, entry, today=today))


def shown(
    chat: Chat,
    entry: Entry,
    budgets: tuple[BudgetState, ...],
    draft: Draft | None = None,
    filed: Categorised | None = None,
) -> Booked:
    """Put together what a confirmation shows of an entry."""
    remarks = draft.remarks if draft else ()
    if entry.base is None:
        remarks = (*remarks, Remark("not_converted", {"currency": chat.settings.currency}))
    return Booked(
        entry=entry,
        sure_category=filed.sure if filed else True,
        alternatives=filed.alternatives if filed else (),
        remarks=remarks,
        budgets=budgets,
        line_count=len(draft.lines) if draft else 0,
        has_picture=entry.receipt_id is not None,
    )


def converted(money: Money, chat: Chat, spent_on: date) -> Converted | None:
    """Return an amount in the ledger's currency; None while no rate of that day is known."""
    if money.currency != chat.settings.currency:
        return None
    return Converted(money, Decimal(1), spent_on)

"""Book drafts as entries of the ledger, once, with history, budgets and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ledger.budgets.budget import BudgetState
from ledger.budgets.thresholds import Alert
from ledger.entries.entry import Entry
from ledger.entries.queries import Coverage
from ledger.money import Money
from ledger.periods.period import day_period
from ports.answers import Booked, Remark
from services.categories.categorising import Categorisation
from services.conversion import Conversion
from services.entries.doubtful_fields import (
    find_draft,
    find_marks,
    list_lines,
    list_sum_remarks,
)
from services.entries.recording import Recorder
from services.reporting.budget_states import states_for
from services.reporting.watching import update_budgets
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to book, with the remarks its confirmation must carry."""

    entry: Entry
    remarks: tuple[Remark, ...] = ()
    lines: tuple[str, ...] = ()
    """Names of a receipt's lines; they help to file it."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Books entries; every new entry of a ledger comes through here."""

    categorisation: Categorisation
    conversion: Conversion = field(default_factory=Conversion)

    def book(
        self, scope: Scope, drafts: Sequence[Draft], recorder: Recorder
    ) -> tuple[tuple[Booked, ...], tuple[Alert, ...]]:
        """Categorise, insert and record drafts; return them with the budgets they count in.

        What the ledger has of the same source stays and is returned as it is.
        """
        open_drafts = [(self.conversion.convert(scope, d.entry), d.lines) for d in drafts]
        filed = self.categorisation.categorise(scope, open_drafts)
        stored = scope.repositories.entries.add([f.entry for f in filed])
        made = [
            entry
            for entry, f in zip(stored, filed, strict=True)
            if entry.updated_at == f.entry.updated_at
        ]
        for entry in made:
            recorder.entry(None, entry)
        outcome = update_budgets(scope, [(None, entry) for entry in made])
        booked = tuple(
            replace(
                describe(scope, entry, outcome.states.get(entry.id, ()), draft.remarks),
                alternatives=f.alternatives,
                marks=find_marks(scope, entry),
                line_count=len(draft.lines),
            )
            for entry, draft, f in zip(stored, drafts, filed, strict=True)
        )
        return booked, outcome.alerts

    def show(
        self, scope: Scope, entry: Entry, budgets: tuple[BudgetState, ...] | None = None
    ) -> Booked:
        """Return an entry of the ledger with everything that its confirmation shows.

        Its doubtful fields come with their candidates. `budgets` are looked up where they are not
        given.
        """
        states = states_for(scope, entry) if budgets is None else budgets
        draft = find_draft(scope, entry)
        lines = list_lines(draft)
        booked = describe(scope, entry, states, list_sum_remarks(draft, entry))
        others: tuple[str, ...] = ()
        if entry.category_guessed:
            others = self.categorisation.list_alternatives(scope, entry, lines)
        marks = find_marks(scope, entry)
        return replace(booked, alternatives=others, marks=marks, line_count=len(lines))


def describe(
    scope: Scope,
    entry: Entry,
    budgets: tuple[BudgetState, ...],
    remarks: tuple[Remark, ...] = (),
) -> Booked:
    """Build the confirmation of an entry, without the candidates of doubtful fields."""
    if entry.base is None:
        remarks = (*remarks, Remark("not_converted", {"currency": scope.settings.currency}))
    return Booked(
        entry=entry,
        remarks=remarks,
        budgets=budgets,
        today=_spent_today(scope, entry),
        has_picture=entry.receipt_id is not None,
    )


def _spent_today(scope: Scope, entry: Entry) -> Money | None:
    """Return the day's spending so far, where the chat wants it on the cards of that day."""
    if not scope.settings.show_today or entry.spent_on != scope.today:
        return None
    today = day_period(scope.today)
    spent, _ = scope.repositories.budgets.spent(scope.ledger.id, Coverage(), today)
    return Money.of_minor(spent, scope.ledger.currency)

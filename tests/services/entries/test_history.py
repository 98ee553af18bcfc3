"""Undo and redo: by example, and by random walks against a model of fifty lines (seed printed)."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from ledger.chats import Member
from ledger.entries.queries import EntryFilter
from ledger.errors import NotAllowedError
from ledger.text.model import BudgetWords
from ports.answers import Nothing, Reversed
from ports.repositories import Repositories
from services.reporting.budgets import set_budget, show
from services.scope import Scope
from tests.services.setup import ANN, BO, NOW, Run, Table

STEPS = 60
CATEGORIES = ("groceries", "eating_out", "transport", "health")


async def test_undo_takes_back_a_whole_message_and_redo_brings_it_back(
    run: Run,
) -> None:
    table = Table()

    def work(repositories: Repositories) -> list[int]:
        chat = table.chat(repositories)
        incoming = table.incoming(repositories, "coffee 4.50\ntea 3\nbread 2")
        table.services.capture.from_text(table.scope(repositories), incoming)
        counts = [count(repositories, chat.ledger.id)]
        undone = table.services.history.undo(Scope(repositories, chat.ledger, ANN.user_id, NOW))
        assert isinstance(undone, Reversed)
        assert len(undone.entries) == 3
        counts.append(count(repositories, chat.ledger.id))
        table.services.history.redo(Scope(repositories, chat.ledger, ANN.user_id, NOW))
        counts.append(count(repositories, chat.ledger.id))
        return counts

    assert await run(work) == [3, 0, 3]


async def test_undo_is_one_person_s_own(run: Run) -> None:
    table = Table(kind="group")

    def work(repositories: Repositories) -> bool:
        incoming = table.incoming(repositories, "pizza 20 EUR", addressed=True)
        table.services.capture.from_text(table.scope(repositories), incoming)
        answer = table.services.history.undo(table.scope(repositories).with_actor(999))
        return isinstance(answer, Nothing)

    assert await run(work)


async def test_undo_never_writes_over_another_persons_newer_change(run: Run) -> None:
    """Ann sets, Bo changes: Ann's undo is refused with his name, and his own undo works."""
    table = Table(kind="group")

    def budget(repositories: Repositories, person: Member, amount: int) -> None:
        words = BudgetWords(scope="food", amount=Decimal(amount), currency=None, per="month")
        operation_id = f"{person.name}{amount}"
        set_budget(table.scope(repositories, person=person), words, operation_id=operation_id)

    def currency(repositories: Repositories, person: Member, code: str) -> None:
        scope = table.scope(repositories, person=person)
        table.services.preferences.change(scope, {"currency": code})

    def category(repositories: Repositories, person: Member, name: str) -> None:
        scope = table.scope(repositories, person=person)
        table.services.corrections.category(scope, booked_ids[-1], name)

    cases: list[tuple[Callable[[Repositories, Member, Any], None], Any, Any]] = [
        (budget, 100, 500),
        (currency, "USD", "GBP"),
        (category, "health", "transport"),
    ]

    def work(repositories: Repositories) -> None:
        for person in (ANN, BO):
            table.chat(repositories, person)
        repositories.chats.set_admins(1, [ANN.user_id, BO.user_id])
        for change, old, new in cases:
            incoming = table.incoming(repositories, "frobnicate 9 EUR", addressed=True)
            booked = table.services.capture.from_text(table.scope(repositories), incoming).booked
            booked_ids.append(booked[0].entry.id)
            change(repositories, ANN, old)
            change(repositories, BO, new)
            with pytest.raises(NotAllowedError) as refused:
                table.services.history.undo(table.scope(repositories))
            assert refused.value.message_id == "undo_changed_since"
            assert refused.value.values == {"who": "Bo"}
            for person in (BO, ANN):
                scope = table.scope(repositories, person=person)
                assert isinstance(table.services.history.undo(scope), Reversed)
        assert show(table.scope(repositories)).states == ()
        assert table.chat(repositories).settings.currency == "EUR"

    booked_ids: list[str] = []
    await run(lambda repositories: table.chat(repositories, BO))
    await run(work)


async def test_undo_of_a_tap_on_a_category_unlearns_it(run: Run) -> None:
    table = Table()

    def work(repositories: Repositories) -> str:
        chat = table.chat(repositories)
        incoming = table.incoming(repositories, "frobnicate 9")
        booked = table.services.capture.from_text(table.scope(repositories), incoming).booked[0]
        before = booked.entry.category
        table.services.corrections.category(
            Scope(repositories, chat.ledger, ANN.user_id, NOW), booked.entry.id, "education"
        )
        table.services.history.undo(Scope(repositories, chat.ledger, ANN.user_id, NOW))
        again = table.incoming(repositories, "frobnicate 9")
        after = table.services.capture.from_text(table.scope(repositories), again).booked[0]
        assert repositories.entries.get(chat.ledger.id, booked.entry.id).category == before
        return after.entry.category

    assert await run(work) != "education"


async def test_a_new_currency_restates_the_ledger_and_undo_brings_the_old_one_back(
    run: Run,
) -> None:
    table = Table()

    def work(repositories: Repositories) -> list[dict[str, bool]]:
        chat = table.chat(repositories)
        for text in ("coffee 4.50", "ramen 980 JPY"):
            table.services.capture.from_text(
                table.scope(repositories),
                table.incoming(repositories, text),
            )
        table.services.preferences.change(
            Scope(repositories, chat.ledger, ANN.user_id, NOW), {"currency": "JPY"}
        )
        states = [stated(repositories, chat.ledger.id)]
        table.services.history.undo(
            Scope(repositories, table.chat(repositories).ledger, ANN.user_id, NOW)
        )
        states.append(stated(repositories, chat.ledger.id))
        assert table.chat(repositories).settings.currency == "EUR"
        return states

    assert await run(work) == [
        {"coffee": False, "ramen": True},
        {"coffee": True, "ramen": False},
    ]


@dataclass
class Model:
    """What the ledger should hold: states before and after each act, as plain dicts."""

    entries: dict[int, tuple[Decimal, str]] = field(default_factory=dict)
    done: list[dict[int, tuple[Decimal, str] | None]] = field(default_factory=list)
    undone: list[dict[int, tuple[Decimal, str] | None]] = field(default_factory=list)

    def put(self, number: int, value: tuple[Decimal, str] | None) -> None:
        """One act on one entry; None takes it out."""
        if self.entries.get(number) != value:
            self.done.append({number: self.entries.get(number)})
            self.undone.clear()
            self._set(number, value)

    def undo(self) -> bool:
        """Take the newest act back."""
        return self._swap(self.done, self.undone)

    def redo(self) -> bool:
        """Make it again."""
        return self._swap(self.undone, self.done)

    def _swap(self, source: list[Any], target: list[Any]) -> bool:
        if not source:
            return False
        run = source.pop()
        target.append({number: self.entries.get(number) for number in run})
        for number, value in run.items():
            self._set(number, value)
        return True

    def _set(self, number: int, value: tuple[Decimal, str] | None) -> None:
        if value is None:
            self.entries.pop(number, None)
        else:
            self.entries[number] = value


@pytest.mark.parametrize("round_number", range(8))
async def test_random_walks_agree_with_the_model(run: Run, round_number: int) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    chance = random.Random(seed)
    table, model = Table(), Model()
    ids: dict[int, str] = {}

    def step(repositories: Repositories) -> None:
        chat = table.chat(repositories)
        services = table.services
        roll = chance.random()
        live = list(model.entries)
        if roll < 0.45 or not live:
            amount, category = Decimal(chance.randrange(1, 9999)) / 100, chance.choice(CATEGORIES)
            incoming = table.incoming(repositories, f"thing {amount} EUR [{category}]")
            (booked,) = services.capture.from_text(table.scope(repositories), incoming).booked
            ids[len(ids)] = booked.entry.id
            model.put(len(ids) - 1, (amount, category))
        elif roll < 0.6:
            number = chance.choice(live)
            services.corrections.delete(
                Scope(repositories, chat.ledger, ANN.user_id, NOW), ids[number]
            )
            model.put(number, None)
        elif roll < 0.7:
            number, amount = chance.choice(live), Decimal(chance.randrange(1, 9999)) / 100
            services.corrections.by_reply(
                table.scope(repositories),
                table.incoming(repositories, f"{amount} EUR"),
                ids[number],
            )
            model.put(number, (amount, model.entries[number][1]))
        elif roll < 0.88:
            answer = services.history.undo(Scope(repositories, chat.ledger, ANN.user_id, NOW))
            assert isinstance(answer, Reversed) == model.undo()
        else:
            answer = services.history.redo(Scope(repositories, chat.ledger, ANN.user_id, NOW))
            assert isinstance(answer, Reversed) == model.redo()
        found = repositories.entries.page(chat.ledger.id, EntryFilter(), limit=999)
        seen = {e.id: (e.money.amount, e.category) for e in found}
        assert seen == {ids[n]: value for n, value in model.entries.items()}, f"seed {seed}"
        assert not show(Scope(repositories, chat.ledger, 0, NOW)).states

    for _ in range(STEPS):
        await run(step)


def count(repositories: Repositories, ledger_id: int) -> int:
    return repositories.entries.count(ledger_id, EntryFilter())


def stated(repositories: Repositories, ledger_id: int) -> dict[str, bool]:
    """Which entries have an amount in the ledger's currency, by note."""
    found = repositories.entries.page(ledger_id, EntryFilter(), limit=99)
    return {entry.note: entry.base is not None for entry in found}

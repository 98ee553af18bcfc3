"""The people of the benches tell a confirmation from whatever else shows its amount."""

from __future__ import annotations

import random

import pytest

from bench.faults.workload import Workload, _confirmed_in
from demo.simulation import Simulation


@pytest.mark.parametrize(
    ("written", "confirmed"),
    [
        ("€1.07 · tea\n🍽️ Eating out", {"1.07"}),
        ("Deleted: €1.14 taxi", {"1.14"}),
        ("€1.07 tea\n€1.14 taxi", {"1.07", "1.14"}),
        ("Entries · 1–2 of 2\n\nToday\n1. €1.14 taxi · 🚌 Transport\n2. €1.07 tea", set()),
        ("€1.14 · Café Central\n🍽️ Eating out", set()),
        ("", set()),
    ],
)
def test_only_a_confirmation_answers_a_text(written: str, confirmed: set[str]) -> None:
    assert _confirmed_in(written, {"1.07": "tea", "1.14": "taxi"}) == confirmed


def test_a_receipt_with_the_amount_of_a_text_is_not_its_confirmation() -> None:
    simulation = Simulation()
    town = Workload(simulation, random.Random(1))
    town.settle(1)
    wrote = town.write()
    chat = simulation.private_chat(town.people[0])
    amount = f"{wrote.amount:.2f}"
    confirmation = simulation.say(simulation.bot, chat, f"€{amount} · {wrote.note}")
    simulation.say(simulation.bot, chat, f"€{amount} · Café Central\n{wrote.note}")
    found = town.confirmation_of(wrote)
    assert found is not None
    assert found.message_id == confirmation.message_id

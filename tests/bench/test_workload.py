"""The people of the benches tell a confirmation from whatever else shows its amount."""

from __future__ import annotations

import pytest

from bench.faults.workload import _confirmed_in


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

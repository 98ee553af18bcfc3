"""A series leaves by the JSON export and comes back equal; a broken one is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ledger.imports.kvitto_json import DocumentError, read_kvitto_json
from ledger.imports.kvitto_series import check_series, dump_series, is_among, load_series
from ledger.money import Money
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Contract, Series
from ledger.settings import Settings, settings_fields

RULE = Rule("month", 3, date(2026, 1, 31), 31, weekend="before")
SERIES = Series(
    id="0" * 26,
    ledger_id=4,
    type="expense",
    money=Money.of_minor(4820, "EUR"),
    note="power",
    category="utilities",
    plan=Plan(RULE, date(2028, 5, 1), 9, frozenset({date(2026, 4, 30)})),
    paid_by=7,
    created_by=8,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    merchant="Grid",
    tags=("home",),
    paused=True,
    varies=True,
    reminders=(30, 7, 1),
    contract=Contract(date(2027, 6, 30), 31, 12, date(2026, 2, 1)),
    booked_to=date(2026, 8, 1),
)


def test_a_series_comes_back_equal_through_json() -> None:
    text = json.dumps(dump_series(SERIES))
    assert load_series(check_series(json.loads(text)), "", 4) == SERIES


def test_a_series_is_known_by_its_id_or_by_all_that_it_says() -> None:
    raised = replace(SERIES, money=Money.of_minor(5000, "EUR"))
    assert is_among(raised, [SERIES])
    assert is_among(replace(SERIES, id="other", created_by=1), [SERIES])
    assert not is_among(replace(raised, id="other"), [SERIES])


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "gift"},
        {"amount_minor": 0},
        {"amount_minor": 10**15},
        {"amount_minor": 4.5},
        {"currency": "XXX1"},
        {"note": 5},
        {"note": "x" * 501},
        {"tags": "home"},
        {"tags": [1]},
        {"paused": "no"},
        {"reminders": [-1]},
        {"count": True},
        {"until": "soon"},
        {"paid_by": "7"},
        {"booked_to": "2026-13-01"},
        {"skipped": ["never"]},
        {"rule": {"unit": "moon"}},
        {"rule": {"every": 0}},
        {"rule": {"start": "0001-01-01"}},
        {"rule": {"month_day": 32}},
        {"rule": {"weekend": "party"}},
        {"rule": {"unit": "day", "last_workday": True}},
        {"rule": {"speed": 1}},
        {"contract": {"notice_days": -5}},
        {"contract": {"renews_months": 1.5}},
    ],
)
def test_a_field_that_is_not_valid_refuses_the_file(wrong: Mapping[str, object]) -> None:
    fields = dump_series(SERIES)
    for name, value in wrong.items():
        fields[name] = {**fields[name], **value} if isinstance(value, dict) else value
    document = {
        "kvitto": 1,
        "settings": settings_fields(Settings("EUR", "UTC", "en")),
        "budgets": [],
        "corrections": [],
        "rates": [],
        "series": [dump_series(SERIES)],
        "entries": [],
    }
    assert len(read_kvitto_json(json.dumps(document))[0].series) == 1
    document["series"] = [fields]
    with pytest.raises(DocumentError):
        read_kvitto_json(json.dumps(document))

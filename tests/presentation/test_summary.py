from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.budgets.budget import BudgetState
from ledger.categories import SPENDING
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import OwnCategory
from ledger.summary import CategoryTotal, Summary
from ports.answers import Summarised
from ports.messages import Reply
from presentation import pictures, views
from presentation.localizer import Localizer

Check = Callable[[Reply], Reply]
TODAY = date(2026, 11, 20)
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")


def euros(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def summed(t: Localizer, categories: int = 2, **more: Any) -> Summarised:  # noqa: ANN401 -- the fields differ in type
    currency = t.currency
    ids = more.pop("ids", SPENDING[:categories])
    amount = more.pop("amount", "100.00")
    totals = tuple(CategoryTotal(i, euros(amount, currency), euros("80", currency), 2) for i in ids)
    spent = sum((one.total.amount for one in totals), start=Decimal(0))
    values: dict[str, Any] = {
        "period": MONTH,
        "before": Period(date(2026, 10, 1), date(2026, 10, 21), "month"),
        "currency": currency,
        "spent": Money(spent, currency),
        "spent_before": euros("180", currency),
        "income": euros("0", currency),
        "income_before": euros("0", currency),
        "count": 3,
        "categories": totals,
        "days": ((date(2026, 11, 3), Money(spent, currency)),) if spent else (),
        "through": TODAY,
    }
    kind = more.pop("kind", "asked")
    budgets = more.pop("budgets", ())
    return Summarised(Summary(**(values | more)), budgets, t.settings, kind)


def shown(value: Summarised, t: Localizer) -> Reply:
    return views.summary(value, t, today=TODAY)


def test_a_summary_is_a_caption_under_a_picture(t: Localizer, accepted: Check) -> None:
    reply = accepted(shown(summed(t, income=euros("400")), t))
    assert reply.text.replace("\u00a0", " ") == (
        "<b>November 2026</b> so far\n<b>€200.00</b> spent · ▲ 11 % vs 1–20 Oct\n\n"
        "🛒 Groceries €100.00 · 50 % · ▲ 25 %\n🍽️ Eating out €100.00 · 50 % · ▲ 25 %\n\n"
        "Income €400.00, €200.00 of it saved (50 %)"
    )
    assert reply.picture is not None
    assert reply.picture.drawing == "summary"
    assert [[b.label for b in row] for row in reply.buttons] == [
        ["‹ October 2026"],
        ["🛒 Groceries", "🍽️ Eating out"],
        ["Entries"],
    ]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"income": euros("150")}, "Income €150.00, €50.00 more spent than came in"),
        ({"unconverted": (euros("980", "JPY"),)}, "Not converted, not in the totals: JP¥980"),
        (
            {"unconverted": tuple(euros("1", c) for c in ("CHF", "GBP", "JPY", "PLN", "SEK", "TRY", "USD"))},
            "SEK\u00a01.00 and 2 more currencies",
        ),
        (
            {"unconverted": tuple(euros("1", c) for c in ("CHF", "GBP", "JPY", "PLN", "SEK", "TRY"))},
            "SEK\u00a01.00 and TRY\u00a01.00",  # a single one is named
        ),
        ({"spent_before": euros("0")}, "<b>€200.00</b> spent"),  # nothing to compare with
        ({"through": None}, "<b>November 2026</b>"),  # a period that is over
        ({"kind": "weekly"}, "<b>Your week · November 2026</b> so far"),
    ],
)  # fmt: skip
def test_what_stands_apart_is_said(
    more: dict[str, Any], line: str, t: Localizer, accepted: Check
) -> None:
    text = accepted(shown(summed(t, **more), t)).text
    assert any(one == line or one.endswith(line) for one in text.splitlines())


def test_a_list_has_one_and(t: Localizer) -> None:
    codes = ("CHF", "GBP", "JPY", "PLN", "SEK", "TRY", "USD")
    text = shown(summed(t, unconverted=tuple(euros("1", c) for c in codes)), t).text
    (line,) = [one for one in text.splitlines() if "not in the totals" in one]
    assert line.count(" and ") == 1


@pytest.mark.parametrize(
    ("categories", "rows", "rest"),
    [(7, 7, ""), (8, 6, "+ 2 more categories"), (10, 6, "+ 4 more categories")],
)
def test_text_and_picture_show_the_same_rows(
    categories: int, rows: int, rest: str, t: Localizer
) -> None:
    reply = shown(summed(t, categories), t)
    assert reply.text.count("▲\u00a025\u00a0%") == rows
    assert "1 more category" not in reply.text
    assert rest in reply.text
    assert drawn_rows(reply) == rows + bool(rest)


def drawn_rows(reply: Reply) -> int:
    assert reply.picture is not None
    rows = reply.picture.values["rows"]
    assert isinstance(rows, list)
    return len(rows)


def test_the_picture_shows_no_more_rows_than_a_full_caption(
    localizer: Callable[..., Localizer], budget: Callable[..., BudgetState], accepted: Check
) -> None:
    """Long names leave room for fewer rows: both leave out the same ones, never a single one."""
    own = tuple(OwnCategory(id_, "W" * 40, "🏷") for id_ in SPENDING[:7])
    t = localizer("en", categories=own)
    budgets = tuple(budget("155.30") for _ in range(3))
    many = tuple(euros("1234567.89", code) for code in ("CHF", "GBP", "JPY", "PLN", "SEK", "TRY"))
    value = summed(
        t, 7, amount="99999999.99", budgets=budgets, unconverted=many, income=euros("999999999.99")
    )
    reply = accepted(shown(value, t))
    lines = reply.text.splitlines()
    named = sum(line.startswith("🏷") for line in lines)
    assert 0 < named < 7
    assert any(f"+ {7 - named} more categories" in line for line in lines)
    assert drawn_rows(reply) == named + 1


def test_a_year_has_twelve_named_bars_and_an_average_of_its_months(t: Localizer) -> None:
    year = Period(date(2026, 1, 1), date(2027, 1, 1), "year")
    days = ((date(2026, 9, 20), euros("120")), (date(2026, 11, 2), euros("80")))
    value = summed(
        t, period=year, days=days, income=euros("800"), since=date(2026, 9, 20), through=TODAY
    )
    reply = shown(value, t)
    assert reply.picture is not None
    bars: Any = reply.picture.values["days"]
    assert len(bars["labels"]) == 12
    assert (bars["labels"][0], bars["labels"][-1]) == ("Jan", "Dec")
    assert bars["sizes"] == [0, 0, 0, 0, 0, 0, 0, 0, 12000, 0, 8000, 0]
    # Three months have begun since the first entry: 200 / 3.
    assert bars["average"] == "€66.67 a month"
    assert "Income €800.00, €600.00 of it saved (75 %)" in reply.text.replace("\u00a0", " ")
    assert reply.picture.values["income"]["share"].replace("\u00a0", " ") == "75 %"  # type: ignore[call-overload,index,union-attr]


def test_a_picture_names_what_was_asked_for(t: Localizer) -> None:
    which = EntryFilter(MONTH, scopes=("groceries",), categories=("groceries",), tags=("work",))
    reply = shown(replace(summed(t, 1), which=which), t)
    assert reply.picture is not None
    assert reply.picture.values["headline"] == "Groceries · #work"
    assert reply.text.startswith("<b>🛒 Groceries · #work · November 2026</b>")


@pytest.mark.parametrize(
    ("spent", "line"),
    [
        ("155.30", "Groceries 62 %, €94.70 not spent"),
        ("250", "Groceries 100 %, all of it spent"),
        ("260", "Groceries 104 %, €10.00 over"),
    ],
)
def test_a_budget_whose_period_is_over_has_no_days_left(
    spent: str, line: str, t: Localizer, budget: Callable[..., BudgetState], accepted: Check
) -> None:
    ended = budget(spent, on=date(2026, 12, 1))
    value = summed(t, through=None, kind="monthly", budgets=(ended,))
    text = accepted(shown(value, t)).text.replace("\u00a0", " ")
    assert text.splitlines()[-1] == line
    assert "left" not in text


def test_budgets_stand_below_when_there_is_room(
    t: Localizer, budget: Callable[..., BudgetState], accepted: Check
) -> None:
    text = accepted(shown(summed(t, budgets=(budget("155.30"),)), t)).text
    assert "Groceries 62" in text.splitlines()[-1]


@pytest.mark.parametrize("kind", ["asked", "weekly", "monthly"])
@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_an_empty_period_is_kind(
    kind: str, language: str, localizer: Callable[..., Localizer], accepted: Check
) -> None:
    t = localizer(language)
    reply = accepted(shown(summed(t, 0, kind=kind, count=0), t))
    assert reply.picture is None


def test_amounts_without_a_rate_alone_are_no_empty_period(t: Localizer, accepted: Check) -> None:
    value = summed(t, 0, count=1, unconverted=(euros("980", "JPY"),))
    reply = accepted(shown(value, t))
    assert "JP¥980" in reply.text
    assert reply.picture is not None
    assert pictures.svg("summary", reply.picture.values).startswith("<svg")


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "ar", "hi", "ja", "zh", "tr"])
@pytest.mark.parametrize("categories", [1, 5, 16])
def test_the_largest_summary_fits_under_its_picture(
    language: str,
    categories: int,
    localizer: Callable[..., Localizer],
    budget: Callable[..., BudgetState],
    accepted: Check,
) -> None:
    own = tuple(OwnCategory(i, f"{i} <&> a very long name that somebody gave") for i in SPENDING)
    t = localizer(language, "IDR", categories=own)
    value = summed(
        t,
        categories,
        amount="12345678901.00",
        income=euros("99999999999.99", "IDR"),
        unconverted=tuple(euros("999999999999.99", c) for c in ("CHF", "JPY", "KWD", "USD", "EUR", "GBP")),
        budgets=tuple(budget("1", "2", f"{i} a long scope") for i in range(9)),
    )  # fmt: skip
    reply = accepted(shown(value, t))
    if categories == 16:
        assert "+ " in reply.text


@pytest.mark.parametrize(
    ("start", "days", "bars"),
    [
        (date(2026, 11, 20), 1, 1),
        (date(2026, 11, 16), 7, 7),
        (date(2026, 10, 1), 31, 31),
        (date(2026, 1, 1), 90, 13),  # by week
        (date(2026, 1, 1), 365, 12),  # by month
        (date(2025, 12, 15), 365, 13),  # months that begin in the middle
        (date(2000, 1, 1), 9000, 25),  # by year
    ],
)
def test_bars_follow_the_length_of_the_period(
    start: date, days: int, bars: int, t: Localizer
) -> None:
    period = Period(start, start + timedelta(days=days))
    spent = ((start, euros("30")), (start + timedelta(days=days - 1), euros("70")))
    value = summed(t, period=period, days=spent, through=None)
    picture = shown(value, t).picture
    assert picture is not None
    drawn = picture.values["days"]
    assert isinstance(drawn, dict)
    sizes = drawn["sizes"]
    assert isinstance(sizes, list)
    assert len(sizes) == bars
    assert sum(s for s in sizes if isinstance(s, int)) == 10000  # in minor units, none lost
    assert len(drawn["labels"]) == bars  # type: ignore[arg-type]

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.budgets.budget import BudgetState
from ledger.entries.entry import Entry
from ports.answers import Booked, Captured, Corrected, Refused, Remark
from ports.messages import Reply
from presentation import views
from presentation.localizer import Localizer
from presentation.markup import seen_units, visible

Make = Callable[..., Entry]
Check = Callable[[Reply], Reply]
HOSTILE = "<b>&\"'</b> \u202e %s {x} 🍕 قهوة"


def said(value: Captured, t: Localizer, today: date, **more: object) -> Reply:
    reply = views.captured(value, t, today=today, **more)  # type: ignore[arg-type]
    assert reply is not None
    return reply


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.buttons]


def verbs(reply: Reply) -> list[str]:
    return [button.action.name for row in reply.buttons for button in row if button.action]


def test_a_typed_entry_is_confirmed_in_two_lines(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    reply = accepted(said(Captured((Booked(entry()),)), t, today))
    assert reply.text == "<b>€4.50</b> · coffee\n🍽️ Eating out"
    assert verbs(reply) == ["categories", "edit", "delete"]


@pytest.mark.parametrize(
    ("booked", "line"),
    [
        # a day that is not today, in words
        ({"spent_on": date(2026, 11, 19)}, "🍽️ Eating out · yesterday"),
        ({"spent_on": date(2026, 11, 13)}, "🍽️ Eating out · Fri 13 Nov"),
        ({"spent_on": date(2025, 12, 31)}, "🍽️ Eating out · Wed, 31 Dec 2025"),
        ({"spent_on": date(2026, 11, 21)}, "🍽️ Eating out · Sat 21 Nov"),
        # tags stand as they were typed
        ({"tags": ("work", "trip")}, "🍽️ Eating out · #work #trip"),
        # no category yet: a question
        ({"category": ""}, "Which category?"),
    ],
)
def test_facts_stand_below_the_amount(
    booked: dict[str, object], line: str, entry: Make, t: Localizer, today: date
) -> None:
    reply = said(Captured((Booked(entry(**booked)),)), t, today)
    assert reply.text.splitlines()[1] == line


def test_who_paid_is_named_in_groups_only(entry: Make, t: Localizer, today: date) -> None:
    value = Captured((Booked(entry()),))
    assert said(value, t, today).text.endswith("Eating out")
    group = said(value, t, today, payers={7: "Ann <3"})
    assert group.text.endswith("Eating out · paid by Ann &lt;3")


def test_income_carries_a_plus(entry: Make, t: Localizer, today: date) -> None:
    reply = said(Captured((Booked(entry("1200", "salary", type="income")),)), t, today)
    assert reply.text.startswith("<b>+€1,200.00</b> · salary")


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        (Remark("computed", {"sum": "3 × 2.40"}), "3 × 2.40 = €7.20"),
        (Remark("rounded", {"typed": "7.199"}), "Rounded from 7.199."),
        (Remark("date_in_words", {"typed": "3/4"}), "“3/4” read as Fri 20 Nov."),
        (Remark("currency_guessed", {"symbol": "kr"}), "“kr” read as EUR."),
        (
            Remark("not_converted", {}),
            "I know no rate from EUR to EUR: this is listed apart, not in your totals. Set one: /rate 1 EUR = … EUR",
        ),
        (
            Remark("day_in_note", {"typed": "on the 1st"}),
            (
                "“on the 1st” stays in the note, the entry is on Fri 20 Nov. "
                "Another day? Reply with it, like “1 March”."
            ),
        ),
        (Remark("adds_up", {}), "✓ adds up"),
        (Remark("from_next_year", {}), ""),  # unknown to the catalogue: silent, not broken
    ],
)
def test_nothing_is_bent_silently(
    remark: Remark, words: str, entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    booked = Booked(entry("7.20", "beers"), remarks=(remark,))
    reply = accepted(said(Captured((booked,)), t, today))
    assert reply.text.splitlines()[2:] == ([words] if words else [])


def test_a_receipt_shows_shop_day_lines_and_that_it_adds_up(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    receipt = entry(
        "21.44", "", merchant="EDEKA", receipt_id="r", source="receipt", category="groceries"
    )
    booked = Booked(receipt, remarks=(Remark("adds_up", {}),), line_count=12, has_picture=True)
    reply = accepted(said(Captured((booked,)), t, today))
    assert reply.text == "<b>€21.44</b> · EDEKA\n🛒 Groceries · today\n✓ adds up · 12 lines"


def test_a_guess_offers_three_candidates_and_the_grid(
    entry: Make, t: Localizer, today: date
) -> None:
    booked = Booked(
        entry(category_guessed=True), alternatives=("groceries", "other", "travel", "health")
    )
    reply = said(Captured((booked,)), t, today)
    assert reply.text.endswith("🍽️ Eating out?")
    assert labels(reply) == [
        ["🍽️ Eating out", "🛒 Groceries"],
        ["📦 Other"],
        ["More …", "✏️ Edit", "🗑 Delete"],
    ]
    assert verbs(reply) == ["category"] * 3 + ["categories", "edit", "delete"]


@pytest.mark.parametrize(
    ("spent", "line"),
    [
        ("155.30", "Groceries 62 %, 11 days left, €8.61 a day"),
        ("250", "Groceries 100 %, all of it spent, 11 days left"),
        ("281.20", "Groceries 112 %, €31.20 over, 11 days left"),
        ("249.99", "Groceries 99 %, 11 days left, €0.00 a day"),
    ],
)
def test_a_budgeted_entry_carries_the_budgets_state(
    spent: str,
    line: str,
    entry: Make,
    budget: Callable[..., BudgetState],
    t: Localizer,
    today: date,
) -> None:
    booked = Booked(entry(), budgets=(budget(spent),))
    text = said(Captured((booked,)), t, today).text
    assert text.splitlines()[-1].replace("\u00a0", " ") == line


def test_the_last_day_of_a_budget_is_called_so(
    budget: Callable[..., BudgetState], entry: Make, t: Localizer
) -> None:
    last = date(2026, 11, 30)
    booked = Booked(entry(), budgets=(budget("155.30", on=last),))
    text = said(Captured((booked,)), t, last).text
    assert text.endswith("last day, €94.70 left")


def test_several_entries_are_numbered_summed_and_opened_by_buttons(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    value = Captured((Booked(entry()), Booked(entry("9", "lunch", id="e2"))))
    reply = accepted(said(value, t, today))
    assert reply.text == (
        "<b>2 entries · €13.50</b>\n\n1. €4.50 coffee · 🍽️ Eating out\n2. €9.00 lunch · 🍽️ Eating out"
    )
    assert labels(reply) == [["€4.50 coffee", "€9.00 lunch"]]
    assert verbs(reply) == ["open", "open"]
    assert reply.line is None


def test_different_currencies_are_never_summed(entry: Make, t: Localizer, today: date) -> None:
    value = Captured((Booked(entry()), Booked(entry("980", "ramen", currency="JPY", id="e2"))))
    assert said(value, t, today).text.startswith("<b>2 entries</b>\n")


def test_a_part_that_was_not_booked_is_named_with_the_reason(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    value = Captured((Booked(entry()),), (Refused("x 1,000,50", "malformed", {}),))
    reply = accepted(said(value, t, today))
    assert "✗ “x 1,000,50” is not booked. The separators" in reply.text
    assert verbs(reply) == ["categories", "edit", "delete"]
    assert reply.line is None  # a reason must be seen: never joined away


def test_a_refusal_of_everything_needs_no_button(
    t: Localizer, today: date, accepted: Check
) -> None:
    reply = accepted(said(Captured(refused=(Refused("", "no_amount", {}),)), t, today))
    assert reply == Reply("I see no amount in that. Try “coffee 4.50”, or /help.")


@pytest.mark.parametrize("reason", ["greeting", "thanks", "reply_to_entry"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_kind_words_have_a_kind_answer_of_their_own(
    reason: str, language: str, localizer: Callable[..., Localizer], today: date, accepted: Check
) -> None:
    t = localizer(language)
    reply = accepted(said(Captured(refused=(Refused("", reason, {}),)), t, today))
    other = said(Captured(refused=(Refused("", "not_understood", {}),)), t, today)
    assert reply.text != other.text
    assert not reply.buttons


def test_silence_is_the_answer_to_chatter(t: Localizer, today: date) -> None:
    assert views.captured(Captured(silent=True), t, today=today) is None
    assert views.captured(Captured(), t, today=today) is None


def test_a_confirmation_can_be_joined_with_others(entry: Make, t: Localizer, today: date) -> None:
    booked = Booked(entry("7.20", "beers"), remarks=(Remark("computed", {"sum": "3 × 2.40"}),))
    line = said(Captured((booked,)), t, today).line
    assert line is not None
    assert line.text == "<b>€7.20</b> · beers · 🍽️ Eating out · 3 × 2.40 = €7.20"
    assert line.button.label == "€7.20 beers"
    assert line.button.action is not None
    assert line.button.action.name == "open"


@pytest.mark.parametrize("count", [3, 8, 9, 40, 400])
@pytest.mark.parametrize("note", [HOSTILE, "x" * 4000, ""])
def test_many_hostile_entries_stay_within_telegrams_limits(
    count: int, note: str, entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    booked = tuple(
        Booked(entry("1.5", note, id=f"e{i}", merchant=HOSTILE, tags=("t" * 300,)))
        for i in range(count)
    )
    refused = tuple(Refused(note, "malformed", {}) for _ in range(count))
    reply = accepted(said(Captured(booked, refused), t, today, payers={7: HOSTILE}))
    shown = visible(reply.text)
    assert f"{count} entries" in shown
    assert seen_units(reply.text) <= 4096
    if count == 400:
        assert "more, booked as well" in shown
        assert "more not booked" in shown


def test_a_correction_says_that_it_will_be_remembered(
    entry: Make, t: Localizer, today: date
) -> None:
    reply = views.corrected(Corrected(Booked(entry()), learned=True), t, today=today)
    assert reply.text.endswith("\nI’ll remember that.")
    assert verbs(reply) == ["categories", "edit", "delete"]


def test_german_speaks_german(
    entry: Make,
    localizer: Callable[..., Localizer],
    today: date,
    budget: Callable[..., BudgetState],
) -> None:
    booked = Booked(
        entry(note="Kaffee", spent_on=date(2026, 11, 19)),
        remarks=(Remark("rounded", {"typed": Decimal("4.499")}),),
        budgets=(budget("155.30"),),
    )
    text = said(Captured((booked,)), localizer("de"), today).text.replace("\u00a0", " ")
    assert text == (
        "<b>4,50 €</b> · Kaffee\n🍽️ Auswärts essen · gestern\nGerundet von 4,499.\n"
        "Lebensmittel 62 %, noch 11 Tage, 8,61 € am Tag"
    )

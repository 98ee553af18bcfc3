"""Every other view, by tables: what it says, and that Telegram would take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from ledger.budgets.budget import Budget, BudgetState
from ledger.budgets.thresholds import Alert, Threshold
from ledger.entries.entry import Converted, Entry
from ledger.entries.queries import Cursor, EntryFilter
from ledger.errors import InputError, LedgerError, NotAllowedError, UnavailableError
from ledger.money import Money
from ledger.periods.period import Period
from ledger.questions import DELETE
from ports.answers import (
    Asked,
    Booked,
    BudgetChoice,
    BudgetSet,
    BudgetsShown,
    Deleted,
    Exported,
    MarkedField,
    Nothing,
    OpenQuestions,
    Option,
    Page,
    ReceiptRefused,
    Reversed,
    WhichEntry,
)
from ports.messages import Reply
from presentation import views
from presentation.localizer import Localizer
from presentation.markup import visible

Make = Callable[..., Entry]
States = Callable[..., BudgetState]
Check = Callable[[Reply], Reply]
HOSTILE = "<b>&\"'</b> \u202e %s {x} 🍕 قهوة " + "x" * 300


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def actions(reply: Reply) -> list[tuple[object, ...]]:
    pressed = [button.action for row in reply.buttons for button in row]
    return [(action.name, *action.args) for action in pressed if action]


# ---------------------------------------------------------------------------------- questions


def test_a_question_has_a_button_for_every_reading(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    options = (Option((entry("3", "beers 7.2"),)), Option((entry("7.2", "beers 3"),)))
    reply = accepted(views.asked(Asked("q", "which_amount", options), t, today=today))
    assert reply.text == "Which number is the amount?"
    assert labels(reply) == ["€3.00 beers 7.2", "€7.20 beers 3", "None of these"]
    assert actions(reply) == [("answer", "q", 0), ("answer", "q", 1), ("answer", "q", -1)]


@pytest.mark.parametrize(
    ("kind", "options", "wanted"),
    [
        # what differs is what the label shows: the way, the day, how many
        ("minus_income", ("expense", "income"), ["Paid: €4.50 coffee", "Got: +€4.50 coffee"]),
        (
            "date_or_amount",
            ("today", "earlier"),
            ["€4.50 coffee, today", "€4.50 coffee, Tue 3 Nov"],
        ),
        ("one_or_several", ("one", "two"), ["€4.50 coffee", "2 entries: €4.50 and €4.50"]),
    ],
)
def test_options_show_what_sets_them_apart(
    kind: str, options: tuple[str, ...], wanted: list[str], entry: Make, t: Localizer, today: date
) -> None:
    made = {
        "expense": Option((entry(),)),
        "income": Option((entry(type="income"),)),
        "today": Option((entry(),)),
        "earlier": Option((entry(spent_on=date(2026, 11, 3)),)),
        "one": Option((entry(),)),
        "two": Option((entry(), entry())),
    }
    value = Asked("q", kind, tuple(made[name] for name in options))
    assert labels(views.asked(value, t, today=today))[:2] == wanted


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        # Each button says what becomes of how much.
        ((("expense",),), ["Record €4.50 as spent"]),
        ((("expense",), ("income",)), ["Record €4.50 as spent", "Record €4.50 as income"]),
        ((("expense", "expense"),), ["2 entries: €4.50 and €4.50"]),
    ],
)
def test_a_refused_sentence_can_be_recorded_anyway(
    options: tuple[tuple[str, ...], ...],
    wanted: list[str],
    entry: Make,
    t: Localizer,
    today: date,
    accepted: Check,
) -> None:
    found = tuple(Option(tuple(entry(type=kind) for kind in kinds)) for kinds in options)
    value = Asked("q", "record_anyway", found, words="I got 4.50 <3")
    reply = accepted(views.asked(value, t, today=today))
    assert labels(reply) == [*wanted, "Leave it"]
    assert reply.text.startswith("“I got 4.50 &lt;3” does not read like an expense.")
    # The words are not kept, so `/open` names what would be booked.
    again = accepted(views.asked(replace(value, words=""), t, today=today))
    assert again.text.startswith("“€4.50 coffee")


def test_a_receipts_question_names_the_shop(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    draft = entry("0", "", merchant="REWE", receipt_id="r")
    value = Asked(
        "q",
        "receipt_total",
        (Option((replace(draft, money=Money(Decimal("53.9"), "EUR")),)), Option(amount=Decimal(5))),
        draft=draft,
    )
    reply = accepted(views.asked(value, t, today=today))
    assert reply.text == "<b>REWE</b>\nWhich total is right? Tap it, or reply with the amount."
    assert labels(reply) == ["€53.90", "€5.00", "None of these", "🗑 Delete"]


def test_a_receipts_day_is_asked_by_days(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    draft = entry("53.9", "", merchant="REWE", receipt_id="r")
    days = (date(2026, 11, 20), date(2026, 11, 12))
    options = tuple(Option((replace(draft, spent_on=day),)) for day in days)
    reply = accepted(views.asked(Asked("q", "receipt_date", options, draft=draft), t, today=today))
    assert reply.text.startswith("<b>€53.90</b> · REWE\nWhich day")
    assert labels(reply) == ["Today", "Thu 12 Nov", "None of these", "🗑 Delete"]


def test_the_same_receipt_is_shown_next_to_the_booked_one(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    draft = entry("21.44", "", merchant="EDEKA", paid_by=8)
    value = Asked(
        "q",
        "receipt_same",
        (Option((draft,)), Option()),
        draft=draft,
        same_as=replace(draft, paid_by=7),
    )
    reply = accepted(views.asked(value, t, today=today, payers={7: "Mia", 8: "Jonas"}))
    assert reply.text == (
        "Booked: €21.44 · EDEKA · today · Mia (sent today)\n"
        "New: €21.44 · EDEKA · today · Jonas\n"
        "Is it the same receipt?"
    )
    assert labels(reply) == ["No, book both", "Same, keep one"]


def test_doubtful_fields_are_said_and_offered(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    receipt = entry(
        "3.20",
        "",
        merchant="CAFE AROMA",
        receipt_id="r",
        source="receipt",
        marks=("date", "merchant", "currency"),
    )
    marks = (
        MarkedField("date", is_missing=True),
        MarkedField("merchant", words=("KAFFEE",)),
        MarkedField("currency", is_missing=True),
    )
    reply = accepted(views.confirmation(Booked(receipt, marks=marks), t, today=today))
    assert reply.text == (
        "<b>€3.20</b> · Cafe Aroma?\n"
        "🍽️ Eating out · today\n"
        "No date on it: booked for today.\n"
        "EUR, as your chat: the receipt names no currency."
    )
    assert labels(reply) == [
        "Today",
        "Yesterday",
        "📅 Calendar",
        "Cafe Aroma",
        "KAFFEE",
        "✓ EUR",
        "Other currency",
        "🏷 Category",
        "✏️ Edit",
        "🗑 Delete",
    ]
    grid = accepted(views.currency_choice(Booked(receipt, marks=marks), t, today=today))
    assert labels(grid)[0] == "✓ EUR"
    assert "USD" in labels(grid)
    assert "JPY" not in labels(grid), "yen have no cents"


def test_a_question_that_is_typed_says_how_and_can_be_deleted(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    draft = entry("0", "", merchant="REWE", receipt_id="r")
    value = Asked("q", "receipt_total", (), draft=draft, is_typed=True)
    reply = accepted(views.asked(value, t, today=today))
    assert reply.text.startswith("<b>REWE</b>\nI keep the receipt. Type the amount")
    assert actions(reply) == [("answer", "q", DELETE)]
    shown = accepted(views.open_questions(OpenQuestions((value, value)), t))
    assert shown.text == "2 questions wait for an answer:"


def test_a_correction_of_many_asks_which(entry: Make, t: Localizer, accepted: Check) -> None:
    value = WhichEntry((entry(), entry("9", HOSTILE, id="e2")), "food")
    reply = accepted(views.which_entry(value, t))
    assert actions(reply)[0] == ("correct", "e1", "food")


# ------------------------------------------------------------------------------ undo and delete


@pytest.mark.parametrize(
    ("verb", "redo", "gone", "text"),
    [
        (
            "capture",
            False,
            True,
            "Undone: 1 entry is removed.\n<s>€4.50 coffee</s>\n/redo brings it back.",
        ),
        (
            "capture",
            True,
            False,
            "Redone: 1 entry is back.\n€4.50 coffee · 🍽️ Eating out · today",
        ),
        (
            "delete",
            False,
            False,
            "Undone: it is back.\n€4.50 coffee · 🍽️ Eating out · today\n/redo brings it back.",
        ),
        ("something_new", True, True, "Redone.\n<s>€4.50 coffee</s>"),
    ],
)
def test_undo_says_what_was_undone(
    *,
    verb: str,
    redo: bool,
    gone: bool,
    text: str,
    entry: Make,
    t: Localizer,
    today: date,
    now: datetime,
    accepted: Check,
) -> None:
    one = entry(deleted_at=now if gone else None)
    value = Reversed(verb, (), (one,), redo=redo)
    assert accepted(views.reversed_act(value, t, today=today)).text == text


def test_a_deletion_can_be_taken_back_by_its_own_button(
    entry: Make, t: Localizer, accepted: Check
) -> None:
    reply = accepted(views.deleted(Deleted(entry()), t))
    assert reply.text == "Deleted: <s>€4.50 coffee</s>"
    assert actions(reply) == [("restore", "e1")]


def test_nothing_to_do_is_said(t: Localizer) -> None:
    assert views.nothing(Nothing("nothing_to_undo"), t).text == "You have nothing to undo."
    assert views.nothing(Nothing("new_reason"), t).text == "There is nothing to do."


# -------------------------------------------------------------------------------------- choosing


def test_the_grid_offers_every_category_and_ticks_the_present_one(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    reply = accepted(views.category_grid(Booked(entry()), t, today=today))
    assert len(labels(reply)) == 16 + 1
    assert "✓ 🍽️ Eating out" in labels(reply)
    assert actions(reply)[-1] == ("show", "e1")
    income = views.category_grid(Booked(entry(type="income")), t, today=today)
    assert actions(income)[0] == ("category", "e1", "income")


def test_some_categories_can_be_offered_alone(entry: Make, t: Localizer, today: date) -> None:
    ids = ("groceries", "eating_out")
    reply = views.category_choice(Booked(entry()), ids, t, today=today)
    assert len(labels(reply)) == 3


def test_days_can_be_chosen(entry: Make, t: Localizer, today: date, accepted: Check) -> None:
    reply = accepted(views.day_choice(Booked(entry()), t, today=today))
    assert labels(reply)[:3] == ["Today", "Yesterday", "Wed 18 Nov"]
    assert actions(reply)[1] == ("date", "e1", "2026-11-19")


# --------------------------------------------------------------------------------------- entries


def page(entries: tuple[Entry, ...], t: Localizer, **more: object) -> Page:
    values: dict[str, object] = {
        "members": (),
        "total": 123,
        "first": 11,
        "next": Cursor(date(2026, 11, 1), "e9"),
        "which": EntryFilter(),
    }
    return Page(entries=entries, settings=t.settings, **(values | more))  # type: ignore[arg-type]


def test_a_page_groups_entries_by_day_and_opens_them_by_number(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    entries = (entry(), entry("9", "lunch", id="e2", spent_on=date(2026, 11, 19)))
    trail = (Cursor(date(2026, 11, 20), "e0"),)
    reply = accepted(views.page(page(entries, t), t, today=today, place=views.PagePlace(trail)))
    assert reply.text == (
        "<b>Entries</b> · 11–12 of 123\n\n<b>Today</b>\n11. €4.50 coffee · 🍽️ Eating out\n"
        "<b>Yesterday</b>\n12. €9.00 lunch · 🍽️ Eating out"
    )
    assert labels(reply) == ["11", "12", "‹ Newer", "Older ›"]
    assert actions(reply)[-1] == (
        "page",
        {},
        [["2026-11-20", "e0"], ["2026-11-01", "e9"]],
        False,
    )


def test_a_page_of_monsters_keeps_to_the_limits(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    entries = tuple(
        entry("1", HOSTILE, id=f"e{i}", merchant=HOSTILE, tags=(HOSTILE,)) for i in range(25)
    )
    which = EntryFilter(Period(date(2025, 1, 2), date(2026, 2, 3)), words=HOSTILE, tags=(HOSTILE,))
    value = page(entries, t, which=which)
    accepted(views.page(value, t, today=today, payers={7: HOSTILE}))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        # A ledger without entries, a period without any, a search that found none.
        ({}, "<b>Entries</b>\nThere are none. Type "),
        (
            {
                "which": EntryFilter(Period(date(2026, 10, 1), date(2026, 11, 1))),
                "latest": date(2026, 11, 2),
            },
            "No entries in this time.\nThe latest one is of Mon 2 Nov.",
        ),
        (
            {"which": EntryFilter(words="> 500")},
            "<b>Entries</b> · with “&gt; 500”\nNothing matches. I looked for",
        ),
        (
            {"which": EntryFilter(scopes=("groceries",), categories=("groceries",))},
            "<b>Entries</b> · 🛒 Groceries\nNothing matches that.",
        ),
    ],
)
def test_an_empty_page_says_why_it_is_empty(
    more: dict[str, object], said: str, t: Localizer, today: date, accepted: Check
) -> None:
    value = page((), t, **({"total": 0, "first": 1, "next": None} | more))
    reply = accepted(views.page(value, t, today=today))
    assert said in reply.text
    assert ("Type" in reply.text) == (not more)
    assert labels(reply) == (["Any time"] if "latest" in more else [])


def test_a_shop_in_capitals_is_written_alike_everywhere(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    shouted = replace(entry("18.08", ""), note="", merchant="KIEZMARKT LINDENHOF")
    for shown in (
        accepted(views.deleted(Deleted(shouted), t)).text,
        accepted(views.asked(Asked("q", "which_amount", (Option((shouted,)),)), t, today=today))
        .buttons[0][0]
        .label,
    ):
        assert "Kiezmarkt Lindenhof" in shown


def test_an_entry_in_detail_shows_all_that_is_known(
    entry: Make, t: Localizer, today: date, accepted: Check
) -> None:
    base = Converted(Money(Decimal("6.02"), "EUR"), Decimal("0.006143"), today)
    one = entry("980", "ramen", currency="JPY", base=base, tags=("trip",), receipt_id="r")
    reply = accepted(views.entry(Booked(one, has_picture=True), t, today=today, payers={7: "Ann"}))
    assert reply.text == (
        "<b>JP¥980</b> · ramen\n🍽️ Eating out\nFri 20 Nov\npaid by Ann\n#trip\n"
        "€6.02 at 1 EUR = 162.79 JPY, of Fri 20 Nov"
    )
    assert labels(reply) == [
        *("💶 Amount", "📅 Day", "🏷 Category", "🏪 Shop", "📝 Note", "💱 Currency"),
        *("👤 Who paid", "🔁 Same again", "📎 Receipt", "🗑 Delete"),
    ]


def test_a_deleted_entry_offers_its_return(
    entry: Make, t: Localizer, today: date, now: datetime, accepted: Check
) -> None:
    reply = accepted(views.entry(Booked(entry(deleted_at=now)), t, today=today))
    assert actions(reply) == [("restore", "e1")]


# --------------------------------------------------------------------------------------- budgets


def test_budgets_are_lines_under_a_picture(
    budget: States, t: Localizer, today: date, accepted: Check
) -> None:
    states = (budget("1234.5", "1500", ""), budget("155.30"), budget("9", "10", "Food"))
    reply = accepted(views.budgets(BudgetsShown(states, t.settings), t, today=today))
    assert reply.picture is not None
    assert reply.picture.drawing == "budgets"
    assert reply.text.replace("\u00a0", " ").splitlines() == [
        "<b>Budgets</b>",
        "<b>All spending</b> ▰▰▰▰▰▰▰▰▱▱ 82 %",
        "€1,234.50 of €1,500.00, €265.50 left for 11 days, €24.14 a day",
        "<b>Groceries</b> ▰▰▰▰▰▰▱▱▱▱ 62 %",
        "€155.30 of €250.00, €94.70 left for 11 days, €8.61 a day",
        "<b>Food</b> ▰▰▰▰▰▰▰▰▰▱ 90 %",
        "€9.00 of €10.00, €1.00 left for 11 days, €0.09 a day",
    ]


def test_fifty_budgets_fit_under_a_picture(
    budget: States, t: Localizer, today: date, accepted: Check
) -> None:
    states = tuple(budget("1", "2", f"category {i} with a rather long name") for i in range(50))
    reply = accepted(views.budgets(BudgetsShown(states, t.settings), t, today=today))
    assert "more budgets" in reply.text


def test_no_budget_says_how_to_set_one(t: Localizer, today: date, accepted: Check) -> None:
    reply = accepted(views.budgets(BudgetsShown((), t.settings), t, today=today))
    assert "/budget food 400" in reply.text
    assert reply.picture is None


def test_a_budget_that_was_set_says_how_it_stands(
    budget: States, t: Localizer, accepted: Check
) -> None:
    state = budget("155.30")
    new = accepted(views.budget_set(BudgetSet(state, None), t))
    assert new.text.startswith("Budget for Groceries: <b>€250.00 a month</b>.\nGroceries 62")
    before = Budget("b", 1, "groceries", Money(Decimal(60), "EUR"), "week")
    changed = accepted(views.budget_set(BudgetSet(state, before), t))
    assert changed.text.startswith(
        "Budget for Groceries: <b>€250.00 a month</b>, before €60.00 a week."
    )
    removed = accepted(views.budget_set(BudgetSet(state, before, removed=True), t))
    assert removed.text == "No budget for Groceries any more. /undo brings it back."


def test_a_group_without_an_amount_offers_its_categories(t: Localizer, accepted: Check) -> None:
    reply = accepted(views.budget_choice(BudgetChoice("Food", ("groceries", "eating_out")), t))
    assert "<code>/budget Food 250</code>" in reply.text
    assert actions(reply) == [("budget_pick", "groceries"), ("budget_pick", "eating_out")]
    alone = accepted(views.budget_choice(BudgetChoice("groceries", ("groceries",)), t))
    assert not alone.buttons


@pytest.mark.parametrize(
    ("spent", "text"),
    [
        (
            "210",
            (
                "<b>Groceries: 84 % spent, €210.00 of €250.00</b>\n"
                "€40.00 left for 11 days, €3.64 a day.\n“Lidl” crossed the line."
            ),
        ),
        (
            "250",
            (
                "<b>Groceries: 100 % spent, €250.00 of €250.00</b>\n"
                "Nothing is left for 11 days.\n“Lidl” crossed the line."
            ),
        ),
        (
            "260",
            (
                "<b>Groceries: 104 % spent, €260.00 of €250.00</b>\n"
                "€10.00 over the budget, 11 days to go.\n“Lidl” crossed the line."
            ),
        ),
    ],
)
def test_an_alert_names_what_crossed_the_line(
    spent: str, text: str, budget: States, t: Localizer, accepted: Check
) -> None:
    reply = views.alert([Alert(budget(spent), Threshold(80), "e1", "Lidl")], t)
    assert reply is not None
    assert accepted(reply).text.replace("\u00a0", " ") == text
    assert actions(reply) == [("open", "e1"), ("budgets",)]


def test_several_alerts_are_one_message(budget: States, t: Localizer, accepted: Check) -> None:
    alerts = [
        Alert(budget("260", scope=f"{HOSTILE}{i}"), Threshold(100), f"e{i}", HOSTILE)
        for i in range(40)
    ]
    reply = views.alert(alerts, t)
    assert reply is not None
    accepted(reply)
    assert views.alert([], t) is None


# -------------------------------------------------------------------------- beginning, settings


def test_three_taps_lead_to_the_first_entry(t: Localizer, now: datetime, accepted: Check) -> None:
    first = accepted(views.start(t, now=now))
    assert "1 of 3" in first.text
    assert ("set_up_with", "currency", "EUR", "timezone") in actions(first)
    assert actions(first)[-1] == ("set_up", "timezone", "")  # every tap can be skipped
    second = accepted(views.set_up("timezone", t, now=now))
    assert "✓ Berlin · 13:00" in labels(second)
    third = accepted(views.set_up("language", t, now=now))
    assert "Deutsch" in labels(third)
    assert actions(third)[-1] == ("set_up", "done", "")
    done = accepted(views.set_up("done", t, now=now))
    assert "Currency: EUR. Time zone: Berlin." in done.text


def test_somebody_known_is_only_greeted(
    localizer: Callable[..., Localizer], now: datetime, accepted: Check
) -> None:
    reply = accepted(views.start(localizer(set_up=True), now=now))
    assert "of 3" not in reply.text


@pytest.mark.parametrize("place", ["", "0", "3", "99", "junk"])
def test_every_currency_can_be_reached(
    place: str, t: Localizer, now: datetime, accepted: Check
) -> None:
    accepted(views.set_up("currency", t, now=now, place=place))


@pytest.mark.parametrize("place", ["", "world", "Europe", "America:2", "Asia:99", "Atlantis"])
def test_every_zone_can_be_reached(
    place: str, t: Localizer, now: datetime, accepted: Check
) -> None:
    accepted(views.set_up("timezone", t, now=now, place=place))


@pytest.mark.parametrize("language", ["en", "de", "fr", "ja"])
@pytest.mark.parametrize(
    "name",
    [
        "main",
        "currency",
        "timezone",
        "language",
        "week_start",
        "month_start",
        "weekly",
        "monthly",
        "alerts",
        "show_today",
        "privacy",
        "nonsense",
    ],
)
def test_every_page_of_the_settings_stands(
    name: str, language: str, localizer: Callable[..., Localizer], now: datetime, accepted: Check
) -> None:
    accepted(views.settings(name, localizer(language), now=now))
    off = {"weekly_on": False, "monthly_on": False, "alert_percents": (), "local_only": True}
    accepted(views.settings(name, localizer(language, month_start=31, **off), now=now))


def test_settings_show_and_tick_the_present_value(t: Localizer, now: datetime) -> None:
    main = views.settings("main", t, now=now)
    assert labels(main)[:4] == [
        "Currency · EUR",
        "Time zone · Berlin",
        "Language · English",
        "Week starts · Monday",
    ]
    assert "Weekly summary · Sunday 18:00" in labels(main)
    assert "Budget alerts · 80 and 100 %" in labels(main)
    weekly = views.settings("weekly", t, now=now)
    assert [label for label in labels(weekly) if label.startswith("✓")] == [
        "✓ On",
        "✓ Sunday",
        "✓ 18:00",
    ]
    alerts = views.settings("alerts", t, now=now)
    assert ("set", "alert_percents", [50, 80, 100], "alerts") in actions(alerts)


# --------------------------------------------------------------------- help, receipts, the rest


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("", "<b>Type what you bought</b>"),
        ("receipts", "<b>Receipts</b>"),
        (" Budgets ", "<b>Budgets</b>"),
        ("budget", "<b>Budgets</b>"),
        ("receipt", "<b>Receipts</b>"),
        ("bud", "<b>Type what you bought</b>"),
        ("typing", "<b>Typing expenses</b>"),  # a word of the title
        ("quantum", "<b>Type what you bought</b>"),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_help_finds_its_topic(
    typed: str, start: str, language: str, localizer: Callable[..., Localizer], accepted: Check
) -> None:
    reply = accepted(views.help_on(typed, localizer(language)))
    if language == "en":
        assert reply.text.startswith(start)


@pytest.mark.parametrize(
    ("reason", "values", "start"),
    [
        ("not_a_receipt", {}, "That does not look like a receipt."),
        (
            "too_many_pages",
            {"pages": 31, "pages_max": 20},
            "The PDF has 31 pages; I read up to 20.",
        ),
        ("something_new", {}, "I could not read that picture."),
    ],
)
def test_a_receipt_that_cannot_be_read_offers_to_type_the_amount(
    reason: str, values: dict[str, str | int], start: str, t: Localizer, accepted: Check
) -> None:
    reply = accepted(views.receipt_refused(ReceiptRefused(reason, values, "q"), t))
    assert reply.text.startswith(start)
    assert "eply with the amount" in reply.text


def test_what_is_no_picture_is_not_said_to_be_kept_as_one(t: Localizer, accepted: Check) -> None:
    reply = accepted(views.receipt_refused(ReceiptRefused("not_an_image", {}, "q"), t))
    assert reply.text.startswith("I can’t read that kind of file.")
    assert "picture" not in reply.text


def test_help_says_that_other_currencies_count_at_the_rate_of_their_day(t: Localizer) -> None:
    assert "at the rate of its day" in views.help_on("", t).text
    assert "listed apart" in views.help_on("summary", t).text


def test_an_export_says_what_is_in_it(t: Localizer, today: date, accepted: Check) -> None:
    value = Exported("k", "kvitto.csv", 1204, Period(date(2026, 1, 1), date(2027, 1, 1), "year"))
    reply = accepted(views.exported(value, t, today=today))
    assert reply.text == "1,204 entries · 2026"
    assert reply.attachment is not None
    empty = accepted(views.exported(Exported("k", "kvitto.csv", 0, None), t, today=today))
    assert empty.text == "No entries yet, so nothing is in the file."


def test_forgetting_is_asked_once_and_keeping_comes_first(t: Localizer, accepted: Check) -> None:
    assert actions(accepted(views.forget(t))) == [("dismiss",), ("forget",)]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (InputError("period_unknown", words="<soon>"), "I don’t know the period “<soon>”."),
        (
            InputError("budget_unknown", words="foo", near=("Food", "travel")),
            "I don’t know “foo”. Did you mean Food or Travel?",
        ),
        (
            InputError("budget_unknown", words="foo", near=()),
            "I don’t know “foo”. Take a category like groceries, or a group like food.",
        ),
        (
            InputError("budget_none", scope=""),
            "There is no budget for All spending. /budgets shows those there are.",
        ),
        (NotAllowedError("not_your_entry"), "Only the person who wrote it, or an admin"),
        (UnavailableError("database_unavailable", kind="X"), "I can’t reach my books just now."),
        (LedgerError("brand_new"), "Something went wrong on my side."),
    ],
)
def test_errors_say_what_to_do(
    problem: LedgerError, words: str, t: Localizer, accepted: Check
) -> None:
    assert visible(accepted(views.error(problem, t)).text).startswith(words)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_the_short_answers_stand_in_every_language(
    language: str, localizer: Callable[..., Localizer], accepted: Check
) -> None:
    t = localizer(language)
    for reply in (
        views.apology("inbox:12", t),
        views.stranger(t),
        views.never_mind(t),
        views.not_there_yet(t),
        views.not_there_yet(t, "split"),
        views.unknown_command(t),
        views.reading(t),
        views.receipt_failed(t),
        views.file_too_big(t),
        views.no_picture(t),
        views.receipt_picture("k", "r.jpg", t),
        views.preparing(t),
        views.forgotten(t),
        views.kept(t),
    ):
        accepted(reply)


def test_toasts_are_short_and_plain(t: Localizer) -> None:
    assert views.toast("filed", t, category="Food & <co>") == "Food & <co>"
    assert len(views.toast("filed", t, category="x" * 500)) == 200
    names = ["done", "deleted", "restored", "not_yours", "gone", "expired", "answered", "saved"]
    assert all(views.toast(name, t) for name in names)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_menu_keeps_to_telegrams_lengths(
    language: str, localizer: Callable[..., Localizer]
) -> None:
    t = localizer(language)
    assert all(0 < len(what) <= 256 for _, what in views.menu(t))
    short, long = views.about(t)
    assert len(short) <= 120
    assert len(long) <= 512

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ledger.entries.queries import Cursor, EntryFilter
from ledger.inquiries import Query, QueryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.questions import NONE_OF_THEM
from ledger.rates.values import CurrencyPair
from ledger.recurring.rules import Plan, Rule
from ledger.recurring.series import Series
from ledger.text import BudgetWords
from ports.messages import Action
from presentation import buttons

WEEK = Period(date(2026, 11, 16), date(2026, 11, 23), "week")
_SERIES = Series(
    id="s",
    ledger_id=1,
    type="expense",
    money=Money(Decimal(850), "EUR"),
    note="rent",
    category="housing",
    plan=Plan(Rule("month", start=date(2026, 12, 1))),
    paid_by=7,
    created_by=7,
    created_at=datetime(2026, 11, 20, tzinfo=UTC),
)
MADE: list[Action] = [
    buttons.import_answer("i", "day_order", "dmy"),
    buttons.import_write("i", with_probable=False),
    buttons.import_cancel("i"),
    buttons.import_page("i", "new"),
    buttons.import_list("i"),
    buttons.import_reverse("i", redo=False),
    buttons.categories("e"),
    buttons.category("e", "groceries"),
    buttons.show("e"),
    buttons.open_entry("e"),
    buttons.correct("e", "food"),
    buttons.dates("e"),
    buttons.move("e", date(2026, 11, 20)),
    buttons.merchant("e", "Lidl"),
    buttons.edit("e"),
    buttons.calendar("e", date(2026, 11, 20)),
    buttons.prompt("e", "note"),
    buttons.payers("e"),
    buttons.payer("e", 7),
    buttons.again("e"),
    buttons.currencies("e"),
    buttons.currency("e", "USD"),
    buttons.delete("e"),
    buttons.restore("e"),
    buttons.open_questions(),
    buttons.pause(7),
    buttons.stop_push("weekly"),
    buttons.run("summary", "last month"),
    buttons.pin_card(),
    buttons.picture("e"),
    buttons.answer("q", NONE_OF_THEM),
    buttons.page(EntryFilter(WEEK, words="tea"), [Cursor(date(2026, 11, 20), "e")]),
    buttons.page(EntryFilter()),
    buttons.look("e", EntryFilter(WEEK), [Cursor(date(2026, 11, 20), "e")]),
    buttons.entries(WEEK),
    buttons.summary(EntryFilter(WEEK)),
    buttons.found(EntryFilter(WEEK, words="tea")),
    buttons.inquiry(Query("total", filter=QueryFilter(WEEK, words="tea"))),
    buttons.budgets(),
    buttons.budget_set("Food", Money(Decimal("4.5"), "EUR"), BudgetWords()),
    buttons.budget_pick("groceries"),
    buttons.budget_off("Food", "month"),
    buttons.rate_set(CurrencyPair("USD", "EUR"), Decimal("0.9"), date(2026, 11, 20)),
    buttons.settings("weekly"),
    buttons.set_to("weekly_hour", 18, "weekly"),
    buttons.set_all({"month_start": 31, "month_workday": True}, "month_start"),
    buttons.set_up("currency", "2"),
    buttons.set_up_with("currency", "EUR", "timezone"),
    buttons.help_on("receipts"),
    buttons.export("pdf"),
    buttons.amount_right("e"),
    buttons.series_list(),
    buttons.series("s", "step"),
    buttons.series_set("s", "step", ["month", 3], "step"),
    buttons.series_remove("s"),
    buttons.series_amount("s", Money(Decimal("4.5"), "EUR"), "on"),
    buttons.series_another(_SERIES, stepped=True),
    buttons.series_follow("e", "all"),
    buttons.series_undo("o"),
    buttons.offer_take("expense:EUR:netflix:month"),
    buttons.offer_refuse("expense:EUR:netflix:month"),
    buttons.feed("new"),
    buttons.undo_own(),
    buttons.series_pay("s", date(2026, 11, 20)),
    buttons.tokens(),
    buttons.token_make("read"),
    buttons.token_revoke("t"),
    buttons.sign_out(),
    buttons.mail_weekly(on=True),
    buttons.mail_remove(),
    buttons.insight_entries(EntryFilter(words="fuel")),
    buttons.insight_budget("groceries", Money(Decimal(310), "EUR")),
    buttons.insight_no("change", "groceries"),
    buttons.insight_yes("change", "groceries"),
    buttons.wording(),
    buttons.wording_set("Short."),
    buttons.forget(),
    buttons.dismiss(),
]
TABLE = dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", buttons.__doc__ or "", re.MULTILINE))


@pytest.mark.parametrize("action", MADE, ids=lambda action: action.name)
def test_every_verb_is_in_the_table_with_its_arguments(action: Action) -> None:
    named = [name for name in TABLE[action.name].split(",") if name.strip()]
    assert len(action.args) == len(named)


@pytest.mark.parametrize("action", MADE, ids=lambda action: action.name)
def test_actions_survive_their_time_in_the_database(action: Action) -> None:
    stored = json.loads(json.dumps([action.name, action.args]))
    assert stored == [action.name, list(action.args)]
    assert "." not in json.dumps([a for a in action.args if not isinstance(a, str)])  # no floats


def test_every_constructor_and_every_verb_was_tried() -> None:
    makers = [
        f
        for name, f in inspect.getmembers(buttons, inspect.isfunction)
        if f.__module__.startswith(buttons.__name__) and not name.startswith(("_", "load_"))
    ]
    verbs = {action.name for action in MADE}
    assert verbs == set(TABLE)
    assert len(makers) == len(verbs)


def test_buttons_of_an_older_release_still_lead_to_their_page() -> None:
    stored = ["2026-11-16", "2026-11-23", "week", "tea", [["2026-11-20", "e"]], ["groceries"]]
    turn = buttons.load_page_turn(stored)
    assert turn.which == EntryFilter(WEEK, words="tea", categories=("groceries",))
    assert turn.trail == (Cursor(date(2026, 11, 20), "e"),)
    assert buttons.load_summary(stored[:3]) == EntryFilter(WEEK)
    again = buttons.load_page_turn(buttons.page(turn.which, turn.trail).args)
    assert again == turn

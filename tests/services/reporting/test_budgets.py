"""Budgets over a real database: set, undone, watched; alerts once per threshold (S06)."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.budgets.budget import BudgetState, Carry
from ledger.budgets.thresholds import Alert, Threshold
from ledger.chats import Chat
from ledger.entries.entry import Converted, Entry
from ledger.errors import InputError
from ledger.money import Money
from ledger.settings import OwnCategory, Per, Settings
from ledger.text.model import BudgetWords
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown, WhichBudget
from ports.repositories import Repositories
from services.ids import new_id
from services.reporting.budget_states import states_for
from services.reporting.budgets import (
    BudgetAnswer,
    apply_budget_change,
    set_budget,
    show,
)
from services.reporting.watching import claim_alerts, update_budgets
from services.restating import Restating
from services.scope import Scope
from services.settings import apply_settings

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
ANN = 7
BERLIN = Settings(currency="EUR", timezone="Europe/Berlin", language="en")

Run = Callable[..., Awaitable[Any]]


def begin(repositories: Repositories, settings: Settings = BERLIN) -> Chat:
    return repositories.chats.add(1, "private", "Ann", settings, NOW)


def entry(
    number: int,
    amount: str,
    category: str = "groceries",
    on: date = TODAY,
    **fields: Any,  # noqa: ANN401  # any field
) -> Entry:
    money = Money(Decimal(amount), "EUR")
    plain = Entry(
        id=f"e{number}",
        ledger_id=1,
        type="expense",
        money=money,
        spent_on=on,
        note=f"entry {number}",
        category=category,
        paid_by=ANN,
        source="text",
        source_key=f"tg:{1}:{number}:{0}",
        created_at=NOW,
        updated_at=NOW,
        base=Converted(money, Decimal(1), on),
    )
    return replace(plain, **fields)


def words(
    scope: str = "",
    amount: str | None = None,
    *,
    currency: str | None = None,
    per: Per | None = None,
    off: bool = False,
    carry: Carry | None = None,
) -> BudgetWords:
    exact = Decimal(amount) if amount else None
    return BudgetWords(scope, exact, currency, per, off=off, carry=carry)


def limit(
    repositories: Repositories,
    chat: Chat,
    scope: str = "",
    amount: str | None = None,
    **more: Any,  # noqa: ANN401  # any field
) -> BudgetAnswer:
    said = words(scope, amount, **more)
    return set_budget(Scope(repositories, chat.ledger, ANN, NOW), said, operation_id=new_id(NOW))


def spend(
    repositories: Repositories, chat: Chat, *entries: Entry, now: datetime = NOW
) -> tuple[Alert, ...]:
    stored = repositories.entries.add(entries)
    return claim_alerts(Scope(repositories, chat.ledger, 0, now), [(None, one) for one in stored])


def change(
    repositories: Repositories,
    chat: Chat,
    before: Entry,
    **fields: Any,  # noqa: ANN401  # any field
) -> tuple[Alert, ...]:
    after = replace(before, **fields)
    repositories.entries.save(after)
    return claim_alerts(Scope(repositories, chat.ledger, 0, NOW), [(before, after)])


def told(alerts: Sequence[Alert]) -> list[tuple[str, int, str]]:
    return [(a.state.budget.scope, a.threshold.percent or 0, a.entry_id) for a in alerts]


def spents(states: Sequence[BudgetState]) -> list[tuple[str, str]]:
    return [(s.budget.scope, str(s.spent.amount)) for s in states]


async def test_a_budget_is_set_changed_and_removed(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        spend(repositories, chat, entry(1, "100"))
        first = limit(repositories, chat, "food", "400")
        assert isinstance(first, BudgetSet)
        assert (first.state.budget.scope, first.state.budget.per) == ("Food", "month")
        assert (first.state.percent, first.before) == (25, None)
        second = limit(repositories, chat, "Food", "200")
        assert isinstance(second, BudgetSet)
        assert second.before == first.state.budget
        assert second.state.percent == 50
        gone = limit(repositories, chat, "food", off=True)
        assert isinstance(gone, BudgetSet)
        assert gone.removed
        assert repositories.budgets.list_all(1) == []

    await run(work)


async def test_a_category_has_a_budget_for_each_period(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        spend(repositories, chat, entry(1, "100"), entry(2, "30", on=TODAY - timedelta(days=10)))
        limit(repositories, chat, "food", "400")
        weekly = limit(repositories, chat, "food", "100", per="week")
        assert isinstance(weekly, BudgetSet)
        assert (weekly.before, weekly.state.percent) == (None, 100)
        assert spents(weekly.others) == [("Food", "130.00")]
        # Without a period both may be meant; each has its button.
        which = limit(repositories, chat, "food", off=True)
        assert isinstance(which, WhichBudget)
        assert [state.budget.per for state in which.states] == ["month", "week"]
        limit(repositories, chat, "food", off=True, per="week")
        (left,) = repositories.budgets.list_all(1)
        assert left.per == "month"

    await run(work)


async def test_what_is_shown_depends_on_what_is_there(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        assert limit(repositories, chat) == BudgetsShown((), BERLIN)
        assert limit(repositories, chat, "food") == BudgetChoice(
            "Food", ("groceries", "eating_out")
        )
        assert limit(repositories, chat, "groceries") == BudgetChoice("groceries", ("groceries",))
        limit(repositories, chat, "groceries", "300")
        limit(repositories, chat, "", "1500")
        limit(repositories, chat, "food", "400")
        spend(
            repositories,
            chat,
            entry(1, "30"),
            entry(2, "5", "eating_out"),
            entry(3, "7", "transport"),
        )
        assert spents(show(Scope(repositories, chat.ledger, 0, NOW)).states) == [
            ("", "42.00"),
            ("Food", "35.00"),
            ("groceries", "30.00"),
        ]
        one = limit(repositories, chat, "groceries")
        assert isinstance(one, BudgetsShown)
        assert spents(one.states) == [("groceries", "30.00")]

    await run(work)


@pytest.mark.parametrize(
    ("said", "error", "values"),
    [
        # a word that names nothing, with what is near it
        (words("grocries", "5"), "budget_unknown", {"words": "grocries", "near": ("groceries",)}),
        (
            words("groceries 250 week extra", "5"),
            "budget_words",
            {"words": "groceries 250 week extra"},
        ),
        # money moved between one's own pockets is no spending
        (words("transfer", "5"), "budget_unknown", {"words": "transfer"}),
        # nothing to spend, less than a cent, too much
        (words("food", "0.001"), "budget_amount", {}),
        (words("food", "1000000000000"), "budget_amount", {}),
        # nothing to remove
        (words("food", off=True), "budget_none", {"scope": "Food"}),
    ],
)
async def test_what_cannot_be_a_budget_is_explained(
    run: Run, said: BudgetWords, error: str, values: dict[str, object]
) -> None:
    def work(repositories: Repositories) -> None:
        with pytest.raises(InputError) as caught:
            set_budget(
                Scope(repositories, begin(repositories).ledger, ANN, NOW),
                said,
                operation_id="a",
            )
        assert caught.value.message_id == error
        assert values.items() <= caught.value.values.items()

    await run(work)


async def test_a_budget_is_undone_and_made_again(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        first = limit(repositories, chat, "food", "400")
        assert isinstance(first, BudgetSet)
        limit(repositories, chat, "food", "500")
        limit(repositories, chat, "food", off=True)

        def limits() -> list[str]:
            return [str(budget.limit.amount) for budget in repositories.budgets.list_all(1)]

        made, raised, removed = repositories.operations.of_subject(
            1, "budget", first.state.budget.id
        )
        assert limits() == []
        apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), removed.reversed())
        assert limits() == ["500.00"]
        apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), raised.reversed())
        assert limits() == ["400.00"]
        apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), made.reversed())
        assert limits() == []
        for redone, left in ((made, ["400.00"]), (raised, ["500.00"]), (removed, [])):
            apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), redone)
            assert limits() == left

    await run(work)


async def test_undo_keeps_what_somebody_else_changed_meanwhile(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "400")
        limit(repositories, chat, "food", "500")
        second = limit(repositories, chat, "food", "500", carry="both")
        assert isinstance(second, BudgetSet)
        history = repositories.operations.of_subject(1, "budget", second.state.budget.id)
        apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), history[1].reversed())
        (budget,) = repositories.budgets.list_all(1)
        assert (str(budget.limit.amount), budget.carry) == ("400.00", "both")
        # And a change of a budget that is gone brings nothing back.
        limit(repositories, chat, "food", off=True)
        assert apply_budget_change(Scope(repositories, chat.ledger, 0, NOW), history[1]) is None
        assert repositories.budgets.list_all(1) == []

    await run(work)


async def test_an_entry_shows_the_budgets_it_counts_in_narrowest_first(
    run: Run,
) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "", "1500")
        limit(repositories, chat, "food", "400")
        limit(repositories, chat, "groceries", "250", per="week")
        limit(repositories, chat, "transport", "90")
        coffee = entry(1, "4.50")
        spend(repositories, chat, coffee, entry(2, "2", "eating_out"))
        states = states_for(Scope(repositories, chat.ledger, 0, NOW), coffee)
        assert spents(states) == [("groceries", "4.50"), ("Food", "6.50"), ("", "6.50")]
        assert states[0].period.start == date(2026, 11, 16)
        assert states[1].days_left == 11

    await run(work)


@pytest.mark.parametrize(
    "uncounted",
    [
        # earlier than the running month
        {"spent_on": date(2026, 10, 31)},
        # no rate known
        {"base": None, "money": Money(Decimal(980), "JPY")},
        # not spending
        {"type": "income", "category": "income"},
        {"type": "transfer", "category": "transfer"},
        # taken out
        {"deleted_at": NOW},
        # another category
        {"category": "health"},
    ],
)
async def test_what_does_not_count_neither_shows_nor_alerts(
    run: Run, uncounted: dict[str, Any]
) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "10")
        one = entry(1, "100", **uncounted)
        assert spend(repositories, chat, one) == ()
        assert states_for(Scope(repositories, chat.ledger, 0, NOW), one) == ()
        assert spents(show(Scope(repositories, chat.ledger, 0, NOW)).states) == [("Food", "0.00")]

    await run(work)


async def test_the_group_other_holds_own_categories_and_none(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        own = (OwnCategory("Vet", "Vet"),)
        chat = begin(repositories, replace(BERLIN, categories=own))
        limit(repositories, chat, "all other", "100")
        spend(repositories, chat, entry(1, "10", "Vet"), entry(2, "5", ""), entry(3, "3", "other"))
        assert spents(show(Scope(repositories, chat.ledger, 0, NOW)).states) == [("Other", "18.00")]

    await run(work)


async def test_the_period_follows_the_chats_day(run: Run) -> None:
    """M07: at 23:30 UTC on 30 November it is December in Berlin."""

    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
        spend(repositories, chat, entry(1, "90", on=date(2026, 11, 30)))
        assert spents(show(Scope(repositories, chat.ledger, 0, late)).states) == [("Food", "0.00")]
        assert spents(
            show(Scope(repositories, chat.ledger, 0, late - timedelta(hours=1))).states
        ) == [("Food", "90.00")]
        assert told(spend(repositories, chat, entry(2, "85", on=date(2026, 12, 1)), now=late)) == [
            ("Food", 80, "e2")
        ]

    await run(work)


async def test_a_budget_keeps_its_currency_and_counts_what_was_typed_in_it(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "10")
        moved = replace(chat, ledger=replace(chat.ledger, settings=replace(BERLIN, currency="USD")))
        spend(repositories, moved, entry(1, "7"))
        (state,) = show(Scope(repositories, moved.ledger, 0, NOW)).states
        assert (str(state.spent.amount), state.spent.currency) == ("7.00", "EUR")
        assert told(spend(repositories, moved, entry(2, "2"))) == [("Food", 80, "e2")]

    await run(work)


@pytest.mark.parametrize(
    ("amounts", "alerts"),
    [
        # up to a line, onto it, over it
        (["79.99"], []),
        (["80"], [("Food", 80, "e0")]),
        (["79.99", "0.01"], [("Food", 80, "e1")]),
        # one line after the other
        (["85", "10", "5"], [("Food", 80, "e0"), ("Food", 100, "e2")]),
        # a jump over both alerts once, and 80 counts as told
        (["10", "95", "1"], [("Food", 100, "e1")]),
    ],
)
async def test_each_line_alerts_once(
    run: Run, amounts: list[str], alerts: list[tuple[str, int, str]]
) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        heard = [spend(repositories, chat, entry(n, amount)) for n, amount in enumerate(amounts)]
        assert [one for alert in heard for one in told(alert)] == alerts

    await run(work)


async def test_three_entries_at_once_name_the_one_that_crossed(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        limit(repositories, chat, "", "200")
        entries = (entry(1, "50"), entry(2, "35"), entry(3, "90", "travel"))
        outcome = update_budgets(
            Scope(repositories, chat.ledger, 0, NOW),
            [(None, one) for one in repositories.entries.add(entries)],
        )
        assert told(outcome.alerts) == [("Food", 80, "e2"), ("", 80, "e3")]
        assert outcome.alerts[0].entry_title == "entry 2"
        assert spents(outcome.states["e1"]) == [("Food", "85.00"), ("", "175.00")]
        assert spents(outcome.states["e3"]) == [("", "175.00")]

    await run(work)


async def test_what_comes_back_under_a_line_arms_it_again(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        assert told(spend(repositories, chat, entry(1, "105"))) == [("Food", 100, "e1")]
        # Corrected to 90: 100 is reset, 80 stays told.
        assert change(repositories, chat, entry(1, "105"), **_amount(9000)) == ()
        assert told(spend(repositories, chat, entry(2, "1"))) == []
        assert told(spend(repositories, chat, entry(3, "9"))) == [("Food", 100, "e3")]
        # Undone to nothing and made again: both lines speak again, in one alert.
        for number, amount in ((1, "90"), (2, "1"), (3, "9")):
            assert change(repositories, chat, entry(number, amount), deleted_at=NOW) == ()
        assert told(spend(repositories, chat, entry(4, "80"))) == [("Food", 80, "e4")]

    await run(work)


async def test_moving_an_entry_settles_both_budgets(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        limit(repositories, chat, "transport", "100")
        one = entry(1, "90")
        spend(repositories, chat, one)
        assert told(change(repositories, chat, one, category="transport")) == [
            ("transport", 80, "e1")
        ]
        moved = replace(one, category="transport")
        assert told(change(repositories, chat, moved, category="groceries")) == [("Food", 80, "e1")]

    await run(work)


async def test_a_new_limit_tells_in_its_answer_not_in_an_alert(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        spend(repositories, chat, entry(1, "85"))
        limit(repositories, chat, "food", "100")
        # 85 % when it was set: no alert for 80 any more, one for 100.
        assert told(spend(repositories, chat, entry(2, "1"))) == []
        # Raised to 200: 43 %, reset.
        limit(repositories, chat, "food", "200")
        assert told(spend(repositories, chat, entry(3, "80"))) == [("Food", 80, "e3")]
        # Lowered below what is spent: said in the answer.
        limit(repositories, chat, "food", "50")
        assert told(spend(repositories, chat, entry(4, "80"))) == []

    await run(work)


async def test_without_thresholds_nothing_alerts(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, alert_percents=()))
        limit(repositories, chat, "food", "10")
        assert spend(repositories, chat, entry(1, "100")) == ()

    await run(work)


async def test_fifty_entries_at_once_alert_once_per_line(run: Run) -> None:
    """S06: each in a unit of its own, all started together."""

    def prepare(repositories: Repositories) -> Chat:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        return chat

    chat = await run(prepare)
    heard = await asyncio.gather(
        *(
            run(
                lambda repositories, n=number: spend(repositories, chat, entry(n, "2.10")),
                partition=1,
            )
            for number in range(50)
        )
    )
    assert sorted(alert.threshold.percent or 0 for alerts in heard for alert in alerts) == [80, 100]


EUR_70 = Money(Decimal(70), "EUR")


async def test_a_sum_alerts_once_beside_the_shares(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories, replace(BERLIN, alert_amounts=(EUR_70,)))
        limit(repositories, chat, "food", "100")
        (alert,) = spend(repositories, chat, entry(1, "70"))
        assert alert.threshold == Threshold(amount=EUR_70)
        assert told(spend(repositories, chat, entry(2, "10"))) == [("Food", 80, "e2")]
        # Back under both, and over them again: one message, at the higher one.
        first = repositories.entries.get(1, "e1")
        assert change(repositories, chat, first, **_amount(1000)) == ()
        (again,) = change(repositories, chat, repositories.entries.get(1, "e1"), **_amount(7000))
        assert again.threshold == Threshold(percent=80)

    await run(work)


async def test_a_sum_in_another_currency_than_the_budget_s_never_alerts(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        dollars = Money(Decimal(5), "USD")
        chat = begin(repositories, replace(BERLIN, alert_percents=(), alert_amounts=(dollars,)))
        limit(repositories, chat, "food", "100")
        assert spend(repositories, chat, entry(1, "90")) == ()

    await run(work)


def income(number: int, on: date) -> Entry:
    return replace(entry(number, "2500", "income", on), type="income")


async def test_no_alarm_before_the_first_income_of_a_month_that_should_have_one(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        limit(repositories, chat, "transport", "10", per="week")
        repositories.entries.add([income(1, date(2026, 10, 3))])
        assert spend(repositories, chat, entry(2, "85")) == ()
        assert spend(repositories, chat, entry(3, "9", "transport")) == ()
        # The salary releases what waited for it, each once.
        released = spend(repositories, chat, income(4, TODAY))
        assert told(released) == [("transport", 80, ""), ("Food", 80, "")]
        assert spend(repositories, chat, income(5, TODAY)) == ()
        assert told(spend(repositories, chat, entry(6, "20"))) == [("Food", 100, "e6")]

    await run(work)


async def test_where_no_income_is_tracked_alarms_come_at_once(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        assert told(spend(repositories, chat, entry(1, "85"))) == [("Food", 80, "e1")]
        other = begin(repositories)
        repositories.entries.add([income(2, date(2026, 10, 3))])
        at_once = Scope(
            repositories,
            replace(other.ledger, settings=replace(BERLIN, alert_after_income=False)),
            0,
            NOW,
        )
        more = repositories.entries.add([entry(3, "20")])
        assert told(claim_alerts(at_once, [(None, more[0])])) == [("Food", 100, "e3")]

    await run(work)


async def test_a_raised_budget_alerts_again_when_it_is_crossed_again(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        assert told(spend(repositories, chat, entry(1, "85"))) == [("Food", 80, "e1")]
        limit(repositories, chat, "food", "200")
        assert told(spend(repositories, chat, entry(2, "80"))) == [("Food", 80, "e2")]

    await run(work)


async def test_a_threshold_that_is_set_below_the_sum_waits_for_the_next_period(run: Run) -> None:
    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        spend(repositories, chat, entry(1, "60"))
        scope = Scope(repositories, chat.ledger, ANN, NOW)
        changed = apply_settings(scope, replace(BERLIN, alert_percents=(50, 90)), Restating())
        coffee = repositories.entries.add([entry(2, "2")])
        assert claim_alerts(changed, [(None, coffee[0])]) == ()
        dinner = repositories.entries.add([entry(3, "30")])
        assert told(claim_alerts(changed, [(None, dinner[0])])) == [("Food", 90, "e3")]

    await run(work)


@dataclass
class Model:
    """What a budget of 100 a month must do, in exact cents and without a database."""

    amounts: dict[int, int] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    limit: int = 10_000

    def update_budgets(self, *, rising: bool) -> int | None:
        """Return the line that must be told now."""
        spent = sum(self.amounts.values())
        reached = {p for p in (80, 100) if spent * 100 >= self.limit * p}
        self.told &= reached
        new = reached - self.told if rising else set()
        self.told |= new
        return max(new, default=None)


@pytest.mark.parametrize("seed", range(3))
async def test_a_random_month_alerts_as_the_model_says(run: Run, seed: int) -> None:
    dice = random.Random(seed)
    model = Model()
    live: dict[int, Entry] = {}

    def step(
        repositories: Repositories, chat: Chat, number: int
    ) -> tuple[int | None, tuple[Alert, ...]]:
        kind = dice.choice(["new", "new", "new", "delete", "correct", "limit"])
        if kind == "limit":
            model.limit = dice.choice([5_000, 10_000, 20_000])
            limit(repositories, chat, "food", str(model.limit // 100))
            model.update_budgets(rising=True)
            return None, ()
        if kind == "new" or not live:
            one = replace(entry(number, "1"), **_amount(dice.randint(1, 3000)))
            live[number], model.amounts[number] = one, one.money.minor
            return model.update_budgets(rising=True), spend(repositories, chat, one)
        chosen = dice.choice(sorted(live))
        before = live[chosen]
        if kind == "delete":
            del live[chosen], model.amounts[chosen]
            return model.update_budgets(rising=False), change(
                repositories, chat, before, deleted_at=NOW
            )
        fields = _amount(dice.randint(1, 4000))
        live[chosen] = replace(before, **fields)
        rising = live[chosen].money.minor > before.money.minor
        model.amounts[chosen] = live[chosen].money.minor
        return model.update_budgets(rising=rising), change(repositories, chat, before, **fields)

    def work(repositories: Repositories) -> None:
        chat = begin(repositories)
        limit(repositories, chat, "food", "100")
        for number in range(400):
            expected, alerts = step(repositories, chat, number)
            percents = [alert.threshold.percent for alert in alerts]
            assert percents == ([expected] if expected else []), f"seed {seed}, step {number}"
            (state,) = show(Scope(repositories, chat.ledger, 0, NOW)).states
            assert state.spent.minor == sum(model.amounts.values()), f"seed {seed}, step {number}"

    await run(work)


def _amount(minor: int) -> dict[str, Any]:
    money = Money.of_minor(minor, "EUR")
    return {"money": money, "base": Converted(money, Decimal(1), TODAY)}

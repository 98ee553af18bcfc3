"""Show budgets, a change of one, and the warning when one is crossed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledger.budgets.budget import Budget, BudgetState
from ledger.budgets.thresholds import Alert
from ledger.categories import GROUPS
from ledger.money import Money
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown, WhichBudget
from ports.messages import Button, Reply
from presentation import buttons
from presentation.localizer import Localizer, Value
from presentation.markup import (
    CAPTION_MAX,
    EMPTY,
    TEXT_MAX,
    Html,
    blocks,
    fitting,
    rows,
    seen_units,
)
from presentation.pictures.fonts import drawable
from presentation.views.drawn import budgets_picture
from presentation.views.parts import budget_line, budget_name, in_rows, press, with_rests

_DRAWN_MAX = 12
_MORE_MAX = 40
_BAR_CELLS = 10
_FULL, _EMPTY_CELL = "▰", "▱"


def budgets(value: BudgetsShown, t: Localizer, *, today: date) -> Reply:
    """Show all budgets with a picture; without any, explain how to set one."""
    if not value.states:
        return Reply(t("budgets.none"))
    title = t("budgets.title")
    lines = [_numbered(state, i, t) for i, state in enumerate(value.states, start=1)]
    shown = fitting(lines, CAPTION_MAX - seen_units(title) - _MORE_MAX)
    more = t("budgets.more", len(lines) - shown) if shown < len(lines) else EMPTY
    picture = budgets_picture(value.states[:_DRAWN_MAX], t, today=today)
    return Reply(rows(title, *lines[:shown], more), picture=picture)


def _numbered(state: BudgetState, number: int, t: Localizer) -> Html:
    """Return a budget's lines, with its number where the picture could show only that."""
    line = _row(state, t)
    if drawable(t.scope(state.budget.scope, state.person)):
        return line
    return t("budgets.row_numbered", number=number, line=line)


def _row(state: BudgetState, t: Localizer) -> Html:
    """Return name, bar and share of a budget, and on a second line what is left of it."""
    share = t.percent(Decimal(state.percent) / 100)
    first = t("budgets.row", name=budget_name(state, t), bar=_bar(state), share=share)
    figures: dict[str, Value] = {"spent": state.spent, "available": state.available}
    if state.left.amount < 0:
        over = Money(-state.left.amount, state.left.currency)
        second = t("budgets.over", state.days_left, over=over, **figures)
    else:
        second = t(
            "budgets.left", state.days_left, left=state.left, per_day=state.per_day, **figures
        )
    return rows(first, with_rests(second, state, t))


def _bar(state: BudgetState) -> str:
    cells = min(_BAR_CELLS, max(0, int(state.share * _BAR_CELLS)))
    return _FULL * cells + _EMPTY_CELL * (_BAR_CELLS - cells)


def budget_set(value: BudgetSet, t: Localizer) -> Reply:
    """Show a budget that was set, changed or removed, with its state."""
    state, budget = value.state, value.state.budget
    if value.removed:
        return Reply(t("budget.removed", name=budget_name(state, t)))
    name, limit = t.scope(budget.scope, state.person), _limit(budget, t, state.today)
    before = _limit(value.before, t, state.today) if value.before else limit
    if before != limit:
        said = t("budget.changed", name=name, limit=limit, before=before)
    else:
        said = t("budget.set", name=name, limit=limit)
    others = [budget_line(other, t) for other in value.others]
    also = rows(t("budget.also"), *others) if others else EMPTY
    everything = press(t("button.budgets"), buttons.budgets(), t)
    text = rows(said, _carries(budget, t), budget_line(state, t), also)
    return Reply(text, ((everything, _off(budget, t("button.budget_off"), t)),))


def _off(budget: Budget, label: str, t: Localizer) -> Button:
    return press(label, buttons.budget_off(budget.scope, budget.per, budget.trip), t)


def _carries(budget: Budget, t: Localizer) -> Html:
    """Tell what goes on into the next period, and from which day on."""
    if budget.carry_from is None:
        return EMPTY
    day = t.dated(budget.carry_from, budget.carry_from)
    return t(f"budget.carry_{budget.carry}", day=day)


def which_budget(value: WhichBudget, t: Localizer) -> Reply:
    """Ask which of several budgets over the same spending is to be removed."""
    first = value.states[0]
    name = t.scope(first.budget.scope, first.person)
    found = [_off(one.budget, _limit(one.budget, t, one.today), t) for one in value.states]
    return Reply(t("budget.which", name=name), in_rows(found, 1))


def budget_help(t: Localizer) -> Reply:
    """Explain how budgets are set; a tap shows the words for a group or for everything."""
    scopes = ("", *GROUPS)
    found = [press(t.scope(scope), buttons.budget_pick(scope), t) for scope in scopes]
    everything = press(t("button.budgets"), buttons.budgets(), t)
    return Reply(t("help.text.budgets"), (*in_rows(found, 2), (everything,)))


def budget_set_again(state: BudgetState, t: Localizer) -> Html:
    """Show a budget after undo or redo, with its state."""
    name = t.scope(state.budget.scope, state.person)
    limit = _limit(state.budget, t, state.today)
    return rows(t("budget.set", name=name, limit=limit), budget_line(state, t))


def _limit(budget: Budget, t: Localizer, today: date) -> Html:
    days = t.dates(budget.trip, today) if budget.trip else ""
    return t(f"budget.per_{budget.per}", limit=budget.limit, days=days)


def budget_choice(value: BudgetChoice, t: Localizer) -> Reply:
    """Explain how to set a budget where the amount was missing; offer a group's categories."""
    name = t.scope(value.scope, value.person)
    typed = f"@{name}" if value.person else name if value.scope else ""
    text = t("budget.how" if value.scope else "budget.how_total", name=name, typed=typed)
    if value.categories in ((), (value.scope,)):
        return Reply(text)
    found = [press(t.category(i), buttons.budget_pick(i), t) for i in value.categories]
    return Reply(rows(text, t("budget.or_one")), in_rows(found, 2))


def alert(alerts: Sequence[Alert], t: Localizer) -> Reply | None:
    """Warn of crossed budgets in one message, with the entries that crossed them."""
    if not alerts:
        return None
    parts = [_alert(one, t) for one in alerts]
    shown = fitting(parts, TEXT_MAX - len(parts) - _MORE_MAX)
    named = {one.entry_id: one for one in alerts if one.entry_id}
    opens = [
        press(_crossed_by(one, t), buttons.open_entry(entry_id), t)
        for entry_id, one in named.items()
    ]
    everything = press(t("button.budgets"), buttons.budgets(), t)
    return Reply(blocks(*parts[:shown]), (*in_rows(opens[:5], 1), (everything,)))


def _alert(one: Alert, t: Localizer) -> Html:
    """Name the budget with its figures first; the rest follows on lines of its own."""
    state = one.state
    share = t.percent(Decimal(state.percent) / 100)
    name = budget_name(state, t)
    first = t("alert.head", name=name, share=share, spent=state.spent, limit=state.available)
    crossed = t("alert.crossed", title=t.user(one.entry_title, 80)) if one.entry_title else EMPTY
    return rows(first, _rest(state, t), pace(one.projected, state, t), crossed)


def _rest(state: BudgetState, t: Localizer) -> Html:
    if state.left.amount < 0:
        over = Money(-state.left.amount, state.left.currency)
        return t("alert.over", state.days_left, over=over)
    if not state.left.amount:
        return t("alert.spent", state.days_left)
    return t("alert.left", state.days_left, left=state.left, per_day=state.per_day)


def pace(projected: Money | None, state: BudgetState, t: Localizer) -> Html:
    """Tell the sum at the end of the period at this pace; nothing where it stays as it is."""
    if projected is None or projected.amount <= state.spent.amount:
        return EMPTY
    last = t.dated(state.period.last, state.today)
    return t("alert.pace", amount=projected, day=last)


def _crossed_by(one: Alert, t: Localizer) -> Html:
    return t.user(one.entry_title, 40) or t("button.show_entry")

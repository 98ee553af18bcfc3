"""Show budgets, a change of one, and the warning when one is crossed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ledger.budget import Budget, BudgetState
from ledger.money import Money
from ledger.thresholds import Alert
from ports.answers import BudgetChoice, BudgetSet, BudgetsShown
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
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
from presentation.views.parts import budget_line, in_rows, press

_DRAWN_MAX = 12
_MORE_MAX = 40


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
    """Return a budget's line, with its number where the picture could show only that."""
    line = budget_line(state, t)
    if drawable(t.scope(state.budget.scope)):
        return line
    return t("budgets.row_numbered", number=number, line=line)


def budget_set(value: BudgetSet, t: Localizer) -> Reply:
    """Show a budget that was set, changed or removed, with its state."""
    budget = value.state.budget
    name = t.scope(budget.scope)
    if value.removed:
        return Reply(t("budget.removed", name=name))
    limit = _limit(budget, t)
    if value.before and (value.before.limit, value.before.per) != (budget.limit, budget.per):
        said = t("budget.changed", name=name, limit=limit, before=_limit(value.before, t))
    else:
        said = t("budget.set", name=name, limit=limit)
    everything = press(t("button.budgets"), buttons.budgets(), t)
    off = press(t("button.budget_off"), buttons.budget_off(budget.scope), t)
    return Reply(rows(said, budget_line(value.state, t)), ((everything, off),))


def budget_set_again(state: BudgetState, t: Localizer) -> Html:
    """Show a budget after undo or redo, with its state."""
    name, limit = t.scope(state.budget.scope), _limit(state.budget, t)
    return rows(t("budget.set", name=name, limit=limit), budget_line(state, t))


def _limit(budget: Budget, t: Localizer) -> Html:
    return t(f"budget.per_{budget.per}", limit=budget.limit)


def budget_choice(value: BudgetChoice, t: Localizer) -> Reply:
    """Explain how to set a budget where the amount was missing; offer a group's categories."""
    name = t.scope(value.scope)
    typed = name if value.scope else ""
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
    name = t.scope(state.budget.scope)
    first = t("alert.head", name=name, share=share, spent=state.spent, limit=state.budget.limit)
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

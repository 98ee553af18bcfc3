"""Show the results of undo and redo, and a deletion with its button to restore."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.entries.entry import Entry
from ports.answers import Deleted, Nothing, Reversed, WhichUndo
from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, dotted, fitting, rows
from presentation.views.budgets import budget_set_again
from presentation.views.parts import brief, budget_name, category_of, press
from presentation.views.rates import rate_again
from presentation.views.recurring.lines import series_again
from presentation.views.settings.settings import labels, page_of, period_labels

_LINES_MAX = 1500


def reversed_act(value: Reversed, t: Localizer, *, today: date) -> Reply:
    """Show the undone or redone operation and its entries as they are now."""
    kind = "redone" if value.redo else "undone"
    if value.settings is None:
        count = len(value.entries) or len(value.changes)
        lines = [_as_it_stands(value, i, t, today=today) for i in range(len(value.entries))]
    else:
        # A change of the currency restates every entry; what was undone is the setting.
        lines = _settings(value, t, today=today)
        count = len(lines)
    title = t.first((f"{kind}.{value.verb}", f"{kind}.other"), count or 1)
    lines += [t("undone.gone", what=budget_name(state, t)) for state in value.budgets_gone]
    lines += [rate_again(rate, t, today=today, counts=counts) for rate, counts in value.rates]
    lines += [series_again(series, t, is_there=now) for series, now in value.series]
    lines += [budget_set_again(state, t) for state in value.budgets]
    shown = fitting(lines, _LINES_MAX)
    more = t("captured.more", len(lines) - shown) if shown < len(lines) else EMPTY
    back = t("undone.back") if not value.redo else EMPTY
    return Reply(rows(title, *lines[:shown], more, back))


def _settings(value: Reversed, t: Localizer, *, today: date) -> list[Html]:
    """Show the settings after undo or redo; `t` uses them already."""
    fields = [
        name
        for change in value.changes
        if change.subject == "settings"
        for name in change.after or ()
    ]
    pages = dict.fromkeys(page_of(name) for name in fields if name != "paused_until")
    found = labels(t) | period_labels(t)
    lines = [label for page, label in found.items() if page in pages]
    if "paused_until" in fields:
        # A pause has no setting of its own to show; its page is that of quiet hours.
        until = t.settings.paused_until
        day = t.dated(date.fromisoformat(until), today) if until else ""
        lines.append(t("push.paused", day=day) if until else t("push.unpaused"))
    return lines


def _as_it_stands(value: Reversed, index: int, t: Localizer, *, today: date) -> Html:
    entry = value.entries[index]
    if entry.deleted_at is not None:
        return t("undone.gone", what=brief(entry, t))
    return dotted(
        brief(entry, t),
        category_of(entry, t),
        t.day(entry.spent_on, today),
    )


def which_undo(value: WhichUndo, t: Localizer) -> Reply:
    """Ask whether undo means a booking that nobody typed, or the last change of the person."""
    lines = [brief(entry, t) for entry in value.entries]
    shown = fitting(lines, _LINES_MAX)
    more = t("captured.more", len(lines) - shown) if shown < len(lines) else EMPTY
    booked = press(t("undone.which.booked"), buttons.series_undo(value.operation_id), t)
    own = press(t("undone.which.own"), buttons.undo_own(), t)
    return Reply(rows(t("undone.which"), *lines[:shown], more), ((booked,), (own,)))


def deleted(value: Deleted, t: Localizer) -> Reply:
    """Confirm that an entry is deleted; its button restores this entry."""
    way_back = press(t("button.undo"), buttons.restore(value.entry.id), t)
    return Reply(t("deleted", what=brief(value.entry, t)), ((way_back,),))


def gone(entries: Sequence[Entry], t: Localizer) -> Reply:
    """Show that undo deleted all entries of a message; `/redo` restores them."""
    lines = [t("undone.gone", what=brief(entry, t)) for entry in entries]
    shown = fitting(lines, _LINES_MAX)
    more = t("captured.more", len(lines) - shown) if shown < len(lines) else EMPTY
    return Reply(rows(*lines[:shown], more))


def superseded(entry: Entry, t: Localizer) -> Reply:
    """Say that an entry was corrected further down; no amount, which a later change would belie."""
    title = t.user(entry.title, 60)
    return Reply(t("entry.superseded", title=title) if title else t("entry.superseded_bare"))


def nothing(value: Nothing, t: Localizer) -> Reply:
    """Explain that there was nothing to do."""
    return Reply(t.first((f"nothing.{value.reason}", "nothing.other")))

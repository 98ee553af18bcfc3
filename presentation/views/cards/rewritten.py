"""Show the entries of a message after its edit, with the fields that outlived it."""

from __future__ import annotations

from datetime import date

from ports.answers import Captured, Deleted, Kept, Rewritten
from ports.messages import Reply
from presentation.localizer import Localizer
from presentation.markup import Html, blocks, rows
from presentation.views.captured import captured
from presentation.views.parts import NOBODY, Payers, brief, shop_name, tags
from presentation.views.undone import deleted, gone

_NAME_MAX = 40


def rewritten(
    value: Rewritten, t: Localizer, *, today: date, payers: Payers = NOBODY
) -> Reply | None:
    """Show the entries as they are now; what an edit did not change is named where it differs."""
    live = tuple(one for one in value.booked if one.entry.deleted_at is None)
    shown = captured(Captured(live, value.refused), t, today=today, payers=payers)
    if not live and value.booked:
        entries = [one.entry for one in value.booked]
        only = deleted(Deleted(entries[0]), t) if len(entries) == 1 else gone(entries, t)
        shown = only if shown is None else Reply(blocks(Html(only.text), Html(shown.text)))
    # The card of an only entry says itself that it is deleted.
    named = value.kept if live else ()
    lines = [_kept(one, t, today=today, payers=payers) for one in named]
    if shown is None or not lines:
        return shown
    return Reply(rows(Html(shown.text), *lines), shown.buttons)


def _kept(kept: Kept, t: Localizer, *, today: date, payers: Payers) -> Html:
    """Name the corrected fields of an entry that differ from the text of its message."""
    entry = kept.entry
    if entry.deleted_at is not None:
        return t("edit.stays_deleted", what=brief(entry, t))
    values: dict[str, str] = {
        "type": t.plain(f"type.{entry.type}"),
        "amount_minor": t.amount(entry),
        "currency": entry.money.currency,
        "spent_on": t.day(entry.spent_on, today),
        "note": t.user(entry.note) or t.plain("edit.no_note"),
        "merchant": shop_name(entry.merchant or ""),
        "category": t.category(entry.category),
        "tags": tags(entry, t) or t.plain("edit.no_tags"),
        "paid_by": t.user(payers.get(entry.paid_by, ""), _NAME_MAX),
    }
    said = t.listed(*(values[name] for name in kept.fields if values[name]))
    return t("edit.kept", what=brief(entry, t), kept=said)

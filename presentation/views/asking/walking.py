"""Show an entry and its receipt in place of the page that lists it, with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.entries.entry import Entry
from ledger.entries.queries import Cursor, EntryFilter
from ports.messages import Attachment, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import rows
from presentation.views.parts import NOBODY, Payers, category_of, counted, head, press, tags

_FILE = "receipt.jpg"
_NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class Look:
    """An entry opened from a page, and the way back to that page."""

    entry: Entry
    picture: str | None
    """Blob key of its receipt."""
    which: EntryFilter
    trail: tuple[Cursor, ...]


def look(value: Look, t: Localizer, *, today: date, payers: Payers = NOBODY) -> Reply:
    """Show the facts of an entry and its receipt."""
    one, picture = value.entry, value.picture
    payer = payers.get(one.paid_by, "")
    text = rows(
        head(one, t),
        category_of(one, t),
        t.dated(one.spent_on, today),
        t("entry.paid_by", name=t.user(payer, _NAME_MAX)) if payer else "",
        tags(one, t),
        counted(one, t, today=today),
    )
    # The picture of a receipt takes the place of the summary's, which has to come back.
    page = buttons.page(value.which, value.trail, redraws=picture is not None)
    edit = press(t("button.edit"), buttons.open_entry(one.id), t)
    row = (press(t("button.back"), page, t), edit)
    if picture is None:
        return Reply(text, (row,), keeps_picture=True)
    return Reply(text, (row,), attachment=Attachment(picture, _FILE, as_photo=True))

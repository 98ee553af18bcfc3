"""Show files that are sent, and the formats that they can have."""

from __future__ import annotations

from datetime import date

from ledger.formats.known import FORMAT_NAMES
from ports.answers import Exported
from ports.messages import Attachment, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, dotted
from presentation.views.parts import in_rows, press


def exported(value: Exported, t: Localizer, *, today: date) -> Reply:
    """Send an export with a summary of its content."""
    attachment = Attachment(value.blob_key, value.file_name)
    if value.about:
        return Reply(t(value.about), attachment=attachment)
    text = dotted(
        t("export.rows", value.rows) if value.rows else _empty(value, t),
        t.period(value.period, today) if value.period else "",
    )
    return Reply(text, attachment=attachment)


def _empty(value: Exported, t: Localizer) -> Html:
    return t("export.empty_period") if value.period else t("export.empty")


def export_formats(words: str, t: Localizer) -> Reply:
    """Offer every format, after a word that names none of them."""
    labels = [
        press(t.plain(f"export.format.{name}"), buttons.export(name), t) for name in FORMAT_NAMES
    ]
    return Reply(t("export.formats", words=t.user(words, 100)), in_rows(labels, 2))


def preparing(t: Localizer) -> Reply:
    """Announce that the file is being made."""
    return Reply(t("export.preparing"))

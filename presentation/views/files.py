"""Show files that are sent."""

from __future__ import annotations

from datetime import date

from ports.answers import Exported
from ports.messages import Attachment, Reply
from presentation.localizer import Localizer
from presentation.markup import Html, dotted


def exported(value: Exported, t: Localizer, *, today: date) -> Reply:
    """Send an export with a summary of its content."""
    text = dotted(
        t("export.rows", value.rows) if value.rows else _empty(value, t),
        t.period(value.period, today) if value.period else "",
    )
    return Reply(text, attachment=Attachment(value.blob_key, value.file_name))


def _empty(value: Exported, t: Localizer) -> Html:
    return t("export.empty_period") if value.period else t("export.empty")


def preparing(t: Localizer) -> Reply:
    """Announce that the file is being made."""
    return Reply(t("export.preparing"))

"""Files that are handed over."""

from __future__ import annotations

from datetime import date

from looks.markup import dotted
from looks.tongue import Tongue
from ports.answers import Exported
from ports.messages import Attachment, Reply


def exported(value: Exported, t: Tongue, *, today: date) -> Reply:
    """Hand over an export, with what is in it."""
    text = dotted(
        t("export.rows", value.rows) if value.rows else t("export.empty"),
        t.period(value.period, today) if value.period else "",
    )
    return Reply(text, attachment=Attachment(value.blob_key, value.file_name))


def preparing(t: Tongue) -> Reply:
    """Say that the file is being made."""
    return Reply(t("export.preparing"))

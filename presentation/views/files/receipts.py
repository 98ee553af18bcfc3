"""Answer while a receipt is read, and when it cannot be read."""

from __future__ import annotations

from ledger.questions import DELETE
from ports.answers import ReceiptRefused
from ports.messages import Attachment, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import rows
from presentation.views.errors import spoken
from presentation.views.parts import press

_HOUR_MINUTES = 60
_NO_PICTURE = frozenset(
    {
        "not_an_image",
        "damaged_image",
        "encrypted_pdf",
        "damaged_pdf",
        "empty_pdf",
        "too_many_pages",
        "file_too_big",
        "file_gone",
    }
)
"""Reasons after which nothing can be said to be a picture that was kept."""


def reading(t: Localizer, *, minutes: int = 0) -> Reply:
    """Confirm at once that the picture came; the result takes this message's place.

    `minutes` until it is read, where many came before it.
    """
    if minutes:
        hours = round(minutes / _HOUR_MINUTES)
        if hours > 1:
            return Reply(t("receipt.reading_in_hours", hours))
        return Reply(t("receipt.reading_in_minutes", minutes))
    return Reply(t("receipt.reading"))


def receipt_refused(value: ReceiptRefused, t: Localizer) -> Reply:
    """Explain why a picture gave no entry, and offer to type the amount."""
    why = t.first(
        (f"receipt.refused.{value.reason}", "receipt.refused.unreadable"),
        **spoken(value.values, t),
    )
    if value.discarded:
        return Reply(rows(why, t("receipt.not_kept")))
    instead = value.reason in _NO_PICTURE
    text = rows(why, t("receipt.type_amount_instead" if instead else "receipt.type_amount"))
    if value.question_id is None:
        return Reply(text)
    delete = press(t("button.delete"), buttons.answer(value.question_id, DELETE), t)
    return Reply(text, ((delete,),))


def receipt_failed(t: Localizer) -> Reply:
    """Apologise for a failed reading; the picture is kept, an amount can be typed."""
    return Reply(rows(t("receipt.refused.failed"), t("receipt.type_amount")))


def file_too_big(t: Localizer) -> Reply:
    """Explain that Telegram lets no bot fetch a file of this size."""
    return Reply(t("receipt.file_too_big"))


def receipt_picture(blob_key: str, file_name: str, t: Localizer) -> Reply:
    """Send the kept picture of a receipt."""
    return Reply(t("receipt.picture"), attachment=Attachment(blob_key, file_name, as_photo=True))


def no_picture(t: Localizer) -> Reply:
    """Explain that an entry has no picture, or that it was deleted."""
    return Reply(t("receipt.no_picture"))

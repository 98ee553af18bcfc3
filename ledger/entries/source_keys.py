"""Build source keys, which name the origin of an entry, unique in its ledger.

A repeated update, call, rule or import meets its own key, so nothing is booked twice. The key of a
Telegram message names the chat where it was written, and keeps it after a group has become a
supergroup, because there message ids start again near 1.
"""

from __future__ import annotations

from datetime import date

from ledger.entries.changes import Via

TELEGRAM = "tg"
API = "api"
_PAGE = f"{API}:page-"
MAIL = "mail"
_TELEGRAM_PARTS = 3
_RECURRING_PARTS = 2


def telegram_source(chat_id: int, message_id: int) -> str:
    """Return the source of a Telegram message: `tg:<chat>:<message>`."""
    return f"{TELEGRAM}:{chat_id}:{message_id}"


def api_source(idempotency_key: str) -> str:
    """Return the source of an API call: `api:<idempotency key>`."""
    return f"{API}:{idempotency_key}"


def page_source(form: str) -> str:
    """Return the source of a form of the dashboard, by the form's own name: `api:page-<form>`.

    A key of programs never begins like that, as it is made of digits and letters alone.
    """
    return f"{_PAGE}{form}"


def is_of_page(source: str) -> bool:
    """Return whether a source, or the key of an entry, is a form of the dashboard."""
    return source.startswith(_PAGE)


def is_of_program(source: str) -> bool:
    """Return whether a source is an API call or a form of the dashboard."""
    return source.startswith(f"{API}:")


def mail_source(digest: str) -> str:
    """Return the source of a mail: `mail:<digest of its ids>`."""
    return f"{MAIL}:{digest}"


def is_from_outside(source: str) -> bool:
    """Return whether nobody in the chat waits for an answer about a source."""
    return is_of_program(source) or source.startswith(f"{MAIL}:")


def via_of(source: str) -> Via:
    """Return the way by which a message, call, form or mail came."""
    if is_of_page(source):
        return "page"
    if is_of_program(source):
        return "api"
    return "mail" if source.startswith(f"{MAIL}:") else "chat"


def recurring_source(series: str, day: date) -> str:
    """Return the source of one occurrence of a recurring entry: `recurring:<series>:<day>`."""
    return f"recurring:{series}:{day.isoformat()}"


def recurring_occurrence(key: str) -> tuple[str, date] | None:
    """Return series and nominal day of the source key of an occurrence, None for any other key."""
    kind, *parts = key.split(":")
    if kind != "recurring" or len(parts) < _RECURRING_PARTS:
        return None
    return parts[0], date.fromisoformat(parts[1])


def import_source(batch: str, row_hash: str) -> str:
    """Return the source of a row of an imported file: `import:<batch>:<row hash>`."""
    return f"import:{batch}:{row_hash}"


def press_source(data: str) -> str:
    """Return the source of a press that books an entry: `press:<keyboard>:<place>`."""
    return f"press:{data}"


def source_key(source: str, position: int = 0) -> str:
    """Return the key of one entry of a source; `position` counts its entries from 0."""
    return f"{source}:{position}"


def telegram_message(source: str) -> tuple[int, int] | None:
    """Return chat and message id of a Telegram source or key, None for any other source."""
    parts = source.split(":")
    if parts[0] != TELEGRAM or len(parts) < _TELEGRAM_PARTS:
        return None
    return int(parts[1]), int(parts[2])


def position_of(key: str) -> int:
    """Return the position of an entry among those of its source."""
    # From the end, since sources have colons of their own.
    return int(key.rsplit(":", 1)[1])

"""Write places in lists as opaque text, and read them again."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import date

from ledger.entries.queries import Cursor
from web.problems import ProblemError

CURSOR_MAX = 200


def write_cursor(place: Cursor) -> str:
    """Return the text of a place: the day and id of the last entry before it.

    It is not an offset, so entries that are booked meanwhile neither repeat nor skip a row.
    """
    return write_text(f"{place.spent_on.isoformat()} {place.entry_id}")


def read_cursor(text: str) -> Cursor:
    """Return the place of a text. Raises `ProblemError` for any other text."""
    day, _, entry_id = read_text(text).partition(" ")
    try:
        spent_on = date.fromisoformat(day)
    except ValueError:
        raise unknown_place() from None
    if not (entry_id.isascii() and entry_id.isalnum()):
        raise unknown_place()
    return Cursor(spent_on, entry_id)


def write_text(text: str) -> str:
    """Return text in letters that need no quoting in an address."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_text(text: str) -> str:
    """Return what `write_text` was given. Raises `ProblemError` for any other text."""
    if len(text) > CURSOR_MAX:
        raise unknown_place()
    try:
        return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode()
    except (Base64Error, ValueError):
        raise unknown_place() from None


def unknown_place() -> ProblemError:
    """Return the problem of a place that no list gave out."""
    detail = "This place is not known. Take it from `next` of a page, or leave it out."
    return ProblemError(422, "cursor_unknown", detail)

"""Build the actions of entries that come again."""

from __future__ import annotations

from datetime import date

from ledger.money import Money
from ledger.recurring.fields import series_fields
from ledger.recurring.series import Series
from ports.messages import Action, Json
from ports.recurring import FeedChange


def series_list() -> Action:
    """Show all series."""
    return Action("series_list")


def series(series_id: str, page_name: str = "") -> Action:
    """Show a page of the card of a series."""
    return Action("series", (series_id, page_name))


def series_set(series_id: str, name: str, value: Json, page_name: str = "") -> Action:
    """Change one thing of a series."""
    return Action("series_set", (series_id, name, value, page_name))


def series_remove(series_id: str) -> Action:
    """Remove a series."""
    return Action("series_remove", (series_id,))


def series_amount(series_id: str, money: Money, reach: str) -> Action:
    """Set another amount."""
    return Action("series_amount", (series_id, money.minor, money.currency, reach))


def series_another(wanted: Series, *, stepped: bool) -> Action:
    """Make one more series of the same name."""
    return Action("series_another", (series_fields(wanted), stepped))


def series_follow(entry_id: str, reach: str) -> Action:
    """Let a series be like its entry."""
    return Action("series_follow", (entry_id, reach))


def series_undo(operation_id: str) -> Action:
    """Delete the entries of one booking."""
    return Action("series_undo", (operation_id,))


def undo_own() -> Action:
    """Undo the person's own last change."""
    return Action("undo_own")


def series_pay(series_id: str, nominal: date) -> Action:
    """Book a bill."""
    return Action("series_pay", (series_id, nominal.isoformat()))


def feed(change: FeedChange) -> Action:
    """Show, make or end the calendar link."""
    return Action("feed", (change,))


def offer_take(key: str) -> Action:
    """Make a series of an offer."""
    return Action("offer_take", (key,))


def offer_refuse(key: str) -> Action:
    """Refuse an offer forever."""
    return Action("offer_refuse", (key,))

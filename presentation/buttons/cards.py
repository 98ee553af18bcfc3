"""Build the actions of the buttons under an entry or a question."""

from __future__ import annotations

from datetime import date

from ports.messages import Action


def categories(entry_id: str) -> Action:
    """Show the grid of categories."""
    return Action("categories", (entry_id,))


def category(entry_id: str, category_id: str) -> Action:
    """Give an entry this category."""
    return Action("category", (entry_id, category_id))


def show(entry_id: str) -> Action:
    """Go back to the confirmation."""
    return Action("show", (entry_id,))


def open_entry(entry_id: str) -> Action:
    """Show an entry in detail."""
    return Action("open", (entry_id,))


def correct(entry_id: str, words: str) -> Action:
    """Apply the words of a correction to this entry."""
    return Action("correct", (entry_id, words))


def dates(entry_id: str) -> Action:
    """Offer days."""
    return Action("dates", (entry_id,))


def move(entry_id: str, day: date) -> Action:
    """Move an entry to a day."""
    return Action("date", (entry_id, day.isoformat()))


def merchant(entry_id: str, name: str) -> Action:
    """Set the shop of an entry."""
    return Action("merchant", (entry_id, name))


def edit(entry_id: str) -> Action:
    """Show everything that can be changed."""
    return Action("edit", (entry_id,))


def calendar(entry_id: str, month: date) -> Action:
    """Offer the days of a month, which is given by any of them."""
    return Action("calendar", (entry_id, month.replace(day=1).isoformat()))


def prompt(entry_id: str, field: str) -> Action:
    """Ask for a value to be typed."""
    return Action("prompt", (entry_id, field))


def payers(entry_id: str) -> Action:
    """Offer the members who may have paid."""
    return Action("payers", (entry_id,))


def payer(entry_id: str, user_id: int) -> Action:
    """Set who paid an entry."""
    return Action("payer", (entry_id, user_id))


def again(entry_id: str) -> Action:
    """Book the same for today."""
    return Action("again", (entry_id,))


def currencies(entry_id: str) -> Action:
    """Offer currencies."""
    return Action("currencies", (entry_id,))


def currency(entry_id: str, code: str) -> Action:
    """Set the currency of an entry."""
    return Action("currency", (entry_id, code))


def delete(entry_id: str) -> Action:
    """Take an entry out."""
    return Action("delete", (entry_id,))


def restore(entry_id: str) -> Action:
    """Bring a deleted entry back."""
    return Action("restore", (entry_id,))


def picture(entry_id: str) -> Action:
    """Send the receipt's picture."""
    return Action("picture", (entry_id,))


def answer(question_id: str, index: int) -> Action:
    """Answer a question by the option at this position, or by one of the choices below 0."""
    return Action("answer", (question_id, index))


def amount_right(entry_id: str) -> Action:
    """Confirm an amount."""
    return Action("amount_right", (entry_id,))

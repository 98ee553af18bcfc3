"""Run the actions of the buttons of one entry's card, each by one service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from handlers.context import Context
from ports.answers import Corrected
from ports.messages import Reply
from presentation import views
from replies.entries import show_details, show_on_card
from replies.responding import respond


async def categories(context: Context, entry_id: str) -> None:
    """Show the grid of categories in place of the buttons."""
    await _show(context, entry_id, views.category_grid)


async def category(context: Context, entry_id: str, chosen: str) -> None:
    """Set the category of an entry and remember it."""
    await context.answer(context.services.corrections.category, entry_id, chosen)


async def show_entry(context: Context, entry_id: str) -> None:
    """Go back to the confirmation."""
    booked = await context.run(context.services.corrections.show, entry_id)
    respond(context.responder, Corrected(booked), edits=context.replaced_key)


async def open_entry(context: Context, entry_id: str) -> None:
    """Show an entry in detail, as a message of its own."""
    booked = await context.run(context.services.corrections.show, entry_id)
    show_details(context.responder, booked)


async def dates(context: Context, entry_id: str) -> None:
    """Offer days for an entry."""
    await _show(context, entry_id, views.day_choice)


async def move(context: Context, entry_id: str, day: str) -> None:
    """Move an entry to a day."""
    await context.answer(context.services.corrections.move, entry_id, date.fromisoformat(day))


async def merchant(context: Context, entry_id: str, name: str) -> None:
    """Set or confirm the shop of an entry."""
    await context.answer(context.services.corrections.set_merchant, entry_id, name)


async def currencies(context: Context, entry_id: str) -> None:
    """Offer currencies for an entry."""
    await _show(context, entry_id, views.currency_choice)


async def currency(context: Context, entry_id: str, code: str) -> None:
    """Set or confirm the currency of an entry."""
    await context.answer(context.services.corrections.set_currency, entry_id, code)


async def amount_right(context: Context, entry_id: str) -> None:
    """Confirm the amount of a bill that varies."""
    await context.answer(context.services.corrections.confirm_amount, entry_id)


async def delete(context: Context, entry_id: str) -> None:
    """Delete an entry."""
    await context.answer(context.services.corrections.delete, entry_id)


async def restore(context: Context, entry_id: str) -> None:
    """Restore a deleted entry."""
    await context.answer(context.services.corrections.restore, entry_id)


async def edit_page(context: Context, entry_id: str) -> None:
    """Show everything that can be changed."""
    await _show(context, entry_id, views.edit_page)


async def calendar(context: Context, entry_id: str, month: str) -> None:
    """Offer the days of a month."""
    view = partial(views.calendar, month=date.fromisoformat(month))
    await _show(context, entry_id, view)


async def prompt(context: Context, entry_id: str, field: str) -> None:
    """Ask for a value to be typed."""
    ask_value = context.services.questions.ask_value
    booked, question_id = await context.run(ask_value, entry_id, field)
    view = partial(views.value_prompt, asked=(field, question_id))
    edits = context.replaced_key
    show_on_card(context.responder, booked, view, edits=edits, question_id=question_id)


async def payers(context: Context, entry_id: str) -> None:
    """Offer the members who may have paid."""
    booked, members = await context.run(context.services.corrections.show_payers, entry_id)
    view = partial(views.payer_choice, members=members)
    show_on_card(context.responder, booked, view, edits=context.replaced_key)


async def payer(context: Context, entry_id: str, user_id: int) -> None:
    """Set who paid an entry."""
    await context.answer(context.services.corrections.set_payer, entry_id, user_id)


async def again(context: Context, entry_id: str) -> None:
    """Book the same for today; the card gets new buttons, so each press of one books once."""
    assert context.press is not None
    repeat = context.services.repeating.repeat
    booked, captured = await context.run(repeat, entry_id, context.press.data)
    respond(context.responder, Corrected(booked), edits=context.replaced_key)
    respond(context.responder, captured)


async def _show(context: Context, entry_id: str, view: Callable[..., Reply]) -> None:
    """Show a page of choices in place of an entry's buttons."""
    booked = await context.run(context.services.corrections.show, entry_id)
    show_on_card(context.responder, booked, view, edits=context.replaced_key)

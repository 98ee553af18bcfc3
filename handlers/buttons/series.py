"""Run the buttons of series."""

from __future__ import annotations

from datetime import date

from handlers.context import Context
from ledger.entries.changes import Fields
from ledger.money import Money
from ports.messages import Json
from ports.recurring import FeedChange, Reach, SeriesPage, SeriesShown
from presentation import views
from replies.responding import respond
from services.recurring.offers import refuse_offer, series_of_offer
from services.scope import Scope


async def series_list(context: Context) -> None:
    """Show all series."""
    await context.answer(context.services.series.list_all)


async def series_page(context: Context, series_id: str, page: SeriesPage) -> None:
    """Show a page of the card of a series."""
    await context.answer(context.services.series.show, series_id, page)


async def series_set(
    context: Context, series_id: str, name: str, value: Json, page: SeriesPage
) -> None:
    """Change one thing of a series."""
    await context.answer(context.services.series.change, series_id, name, value, page)


async def series_remove(context: Context, series_id: str) -> None:
    """Remove a series."""
    await context.answer(context.services.series.remove, series_id)


async def series_amount(
    context: Context, series_id: str, minor: int, currency: str, reach: Reach
) -> None:
    """Set another amount."""
    money = Money.of_minor(minor, currency)
    await context.answer(context.services.series_entries.set_amount, series_id, money, reach)


async def series_another(context: Context, fields: Fields, stepped: bool) -> None:  # noqa: FBT001 -- an argument of a stored action
    """Make one more series of the same name."""
    await context.answer(context.services.series.add_another, fields, stepped=stepped)


async def series_follow(context: Context, entry_id: str, reach: Reach) -> None:
    """Let a series be like its entry, as a message of its own; the card of the entry stays."""
    shown = await context.run(context.services.series_entries.follow, entry_id, reach)
    respond(context.responder, shown)


async def series_undo(context: Context, operation_id: str) -> None:
    """Delete the entries of one booking."""
    await context.answer(context.services.series_entries.take_back, operation_id)


async def undo_own(context: Context) -> None:
    """Undo the person's own last change."""
    await context.answer(context.services.history.undo, by_hand=True)


async def series_pay(context: Context, series_id: str, nominal: str) -> None:
    """Book a bill."""
    pay = context.services.series_entries.pay
    await context.answer(pay, series_id, date.fromisoformat(nominal))


async def feed(context: Context, change: FeedChange) -> None:
    """Show, make or end the calendar link."""
    await context.answer(context.services.calendar_links.change, change)


async def offer_take(context: Context, key: str) -> None:
    """Make a series of what comes again, as a message of its own."""
    shown = await context.run(_take, context, key)
    respond(context.responder, shown)


async def offer_refuse(context: Context, key: str) -> None:
    """Never make this offer again."""
    responder = await context.enter()
    await context.run(refuse_offer, key)
    responder.reply(views.offer_refused(responder.t))


def _take(scope: Scope, context: Context, key: str) -> SeriesShown:
    return context.services.series.add(scope, series_of_offer(scope, key))

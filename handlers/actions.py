"""What each verb of `presentation.buttons` does: one service, one view, in the place of the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from handlers.budgets import set_by
from handlers.button_press import Pressed
from handlers.context import Context
from ledger.errors import NotFoundError
from ledger.money import from_minor
from ledger.period import Period
from ledger.queries import Cursor, EntryFilter
from ledger.settings import Per
from ledger.text import BudgetWords
from ports.answers import Booked, Captured, Corrected, Nothing, Page
from ports.messages import Json, Subject
from presentation import views
from replies.responding import respond
from services.entries.changing import live_entry
from services.forget import delete_files
from services.reporting.budgets import show
from services.reporting.reports import PAGE_LIMIT, list_page, summarise
from services.scope import Scope

Verb = Callable[..., Awaitable[None]]


async def _look(context: Context, entry_id: str) -> Booked:
    return await context.run(
        lambda scope: context.services.corrections.booking.show(scope, live_entry(scope, entry_id))
    )


async def categories(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Show the grid of categories in place of the buttons."""
    booked = await _look(context, entry_id)
    responder = context.responder
    reply = views.category_grid(booked, responder.t, today=responder.today, payers=responder.payers)
    owner_id = booked.entry.paid_by
    responder.reply(reply, edits=pressed.handle, subject=Subject((entry_id,)), owner_id=owner_id)


async def category(context: Context, pressed: Pressed, entry_id: str, chosen: str) -> None:
    """File an entry and remember it."""
    answer = await context.run(
        lambda scope: context.services.corrections.category(scope, entry_id, chosen)
    )
    respond(context.responder, answer, edits=pressed.handle)


async def show_entry(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Go back to the confirmation."""
    booked = await _look(context, entry_id)
    respond(context.responder, Corrected(booked), edits=pressed.handle)


async def open_entry(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Show an entry in detail, as a message of its own."""
    booked = await _look(context, entry_id)
    responder = context.responder
    reply = views.entry(booked, responder.t, today=responder.today, payers=responder.payers)
    responder.reply(reply, subject=Subject((entry_id,)), owner_id=booked.entry.paid_by)


async def dates(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Offer days for an entry."""
    booked = await _look(context, entry_id)
    responder = context.responder
    reply = views.day_choice(booked, responder.t, today=responder.today)
    owner_id = booked.entry.paid_by
    responder.reply(reply, edits=pressed.handle, subject=Subject((entry_id,)), owner_id=owner_id)


async def move(context: Context, pressed: Pressed, entry_id: str, day: str) -> None:
    """Move an entry to a day."""
    answer = await context.run(
        lambda scope: context.services.corrections.move(
            scope,
            entry_id,
            date.fromisoformat(day),
        )
    )
    respond(context.responder, answer, edits=pressed.handle)


async def delete(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Take an entry out."""
    answer = await context.run(lambda scope: context.services.corrections.delete(scope, entry_id))
    if not isinstance(answer, Nothing):
        respond(context.responder, answer, edits=pressed.handle)


async def restore(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Bring a deleted entry back."""
    answer = await context.run(lambda scope: context.services.corrections.restore(scope, entry_id))
    respond(context.responder, answer, edits=pressed.handle)


async def picture(context: Context, pressed: Pressed, entry_id: str) -> None:
    """Send the receipt's picture."""

    def look(scope: Scope) -> str | None:
        entry = live_entry(scope, entry_id)
        receipt = (
            scope.repositories.receipts.get(scope.ledger.id, entry.receipt_id)
            if entry.receipt_id
            else None
        )
        return receipt.clean_key if receipt else None

    key = await context.run(look)
    if key is None:
        raise NotFoundError("no_picture")
    responder = context.responder
    reply = views.receipt_picture(key, "receipt.jpg", responder.t)
    responder.reply(reply, subject=Subject((entry_id,)))


async def answer(context: Context, pressed: Pressed, question_id: str, choice: int) -> None:
    """Settle a question by one of its options."""

    def work(scope: Scope) -> Captured | Nothing:
        question = scope.repositories.conversations.question(scope.ledger.id, question_id)
        if question is None:
            raise NotFoundError("question_gone")
        return context.services.questions.answer(scope, question, choice)

    settled = await context.run(work)
    if isinstance(settled, Captured):
        respond(context.responder, settled, edits=pressed.handle)


async def page(
    context: Context,
    pressed: Pressed,
    start: str | None,
    end: str | None,
    kind: str | None,
    words: str,
    trail: list[list[str]],
) -> None:
    """Turn to a page of entries."""
    cursors = tuple(Cursor(date.fromisoformat(day), entry_id) for day, entry_id in trail)
    which = EntryFilter(period=_period(start, end, kind), words=words)

    def look(scope: Scope) -> Page:
        after = cursors[-1] if cursors else None
        return list_page(scope, which, after, len(cursors) * PAGE_LIMIT + 1)

    found = await context.run(look)
    responder = context.responder
    reply = views.page(
        found, responder.t, today=responder.today, payers=responder.payers, trail=cursors
    )
    responder.reply(reply, edits=pressed.handle)


async def summary(context: Context, pressed: Pressed, start: str, end: str, kind: str) -> None:
    """Sum a period up."""
    period = _period(start, end, kind)
    assert period is not None
    found = await context.run(lambda scope: summarise(scope, period))
    responder = context.responder
    responder.reply(views.summary(found, responder.t, today=responder.today))


async def budgets(context: Context, pressed: Pressed) -> None:
    """Show all budgets."""
    shown = await context.run(show)
    respond(context.responder, shown)


async def budget_set(
    context: Context, pressed: Pressed, scope: str, limit_minor: int, currency: str, per: Per
) -> None:
    """Set a budget."""
    amount = from_minor(limit_minor, currency)
    await _budget(context, pressed, BudgetWords(scope, amount, currency, per))


async def budget_off(context: Context, pressed: Pressed, scope: str) -> None:
    """Remove a budget."""
    await _budget(context, pressed, BudgetWords(scope, off=True))


async def budget_pick(context: Context, pressed: Pressed, scope: str) -> None:
    """Say how to set a budget for a scope."""
    await _budget(context, pressed, BudgetWords(scope))


async def _budget(context: Context, pressed: Pressed, words: BudgetWords) -> None:
    answered = await context.run(lambda scope: set_by(scope, words))
    respond(context.responder, answered, edits=pressed.handle)


async def settings(context: Context, pressed: Pressed, name: str, place: str = "") -> None:
    """Show a page of the settings."""
    responder = context.responder
    responder.reply(
        views.settings(name, responder.t, now=responder.now, place=place), edits=pressed.handle
    )


async def set_value(
    context: Context,
    pressed: Pressed,
    name: str,
    value: Json,
    name_shown: str,
) -> None:
    """Change a setting and show its page again."""
    await _change(context, {name: value})
    await settings(context, pressed, name_shown)


async def set_up(context: Context, pressed: Pressed, step: str, place: str = "") -> None:
    """Show a step of the onboarding."""
    if step == "done":
        await _change(context, {"set_up": True})
    responder = context.responder
    responder.reply(
        views.set_up(step, responder.t, now=responder.now, place=place), edits=pressed.handle
    )


async def set_up_with(
    context: Context,
    pressed: Pressed,
    name: str,
    value: Json,
    step: str,
) -> None:
    """Change a setting and go on with the onboarding."""
    await _change(context, {name: value})
    await set_up(context, pressed, step)


async def _change(context: Context, changes: dict[str, Json]) -> None:
    changed = await context.run(lambda scope: context.services.preferences.change(scope, changes))
    context.settings_changed(changed)


async def help_topic(context: Context, pressed: Pressed, topic: str) -> None:
    """Show a topic of the help."""
    responder = context.responder
    responder.reply(views.help_on(topic, responder.t), edits=pressed.handle)


async def forget_all(context: Context, pressed: Pressed) -> None:
    """Delete the ledger for good; in a group only an admin may."""
    keys = await context.run(context.services.forgetting.forget)
    responder = context.responder
    if keys:
        responder.unit.start(delete_files(keys, context.update_scope.key))
    responder.reply(views.forgotten(responder.t), edits=pressed.handle)


async def dismiss(context: Context, pressed: Pressed) -> None:
    """Keep everything as it is."""
    responder = context.responder
    responder.reply(views.kept(responder.t), edits=pressed.handle)


async def correct(context: Context, pressed: Pressed, entry_id: str, words: str) -> None:
    """Correct the entry that a reply to several meant."""
    answer = await context.run(
        lambda scope: context.services.corrections.by_reply(
            scope,
            context.button_text(scope, words),
            entry_id,
        )
    )
    if answer is not None:
        respond(context.responder, answer, edits=pressed.handle)


def _period(start: str | None, end: str | None, kind: str | None) -> Period | None:
    if start is None or end is None:
        return None
    return Period(date.fromisoformat(start), date.fromisoformat(end), kind or "custom")  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "categories": categories,
    "category": category,
    "show": show_entry,
    "open": open_entry,
    "correct": correct,
    "dates": dates,
    "date": move,
    "delete": delete,
    "restore": restore,
    "picture": picture,
    "answer": answer,
    "page": page,
    "summary": summary,
    "budgets": budgets,
    "budget_set": budget_set,
    "budget_pick": budget_pick,
    "budget_off": budget_off,
    "settings": settings,
    "set": set_value,
    "set_up": set_up,
    "set_up_with": set_up_with,
    "help": help_topic,
    "forget": forget_all,
    "dismiss": dismiss,
}

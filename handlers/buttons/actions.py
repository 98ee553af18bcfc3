"""Run the actions of buttons (`presentation.buttons`), each by one service.

An answer takes the place of the message whose button was pressed, unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal

from handlers.buttons import asking, cards, insights, series
from handlers.commands.budgets import change_budget
from handlers.commands.export import begin_export
from handlers.commands.known import run_command
from handlers.context import Context, member_of
from ledger.budgets.budget import Carry
from ledger.money import from_minor
from ledger.rates.values import CurrencyPair
from ledger.settings import Per, PushKind
from ledger.statements import Property
from ledger.text import BudgetWords
from ports.answers import ImportPage, Nothing
from ports.messages import Json, Subject
from presentation import views
from presentation.buttons import load_trip
from replies.importing import start_listing
from replies.pinned_cards import send_card
from replies.responding import respond
from services.exporting.request import ExportRequest, parse_format
from services.forget import delete_files
from services.importing import imports
from services.reporting.budgets import find_other_currencies, pick, show
from services.reporting.pinned_cards import begin_card

ButtonAction = Callable[..., Awaitable[None]]


async def picture(context: Context, entry_id: str) -> None:
    """Send the receipt's picture, as a message of its own."""
    key = await context.run(context.services.receipts.find_picture, entry_id)
    responder = context.responder
    reply = views.receipt_picture(key, "receipt.jpg", responder.t)
    responder.reply(reply, subject=Subject((entry_id,)))


async def answer(context: Context, question_id: str, choice: int) -> None:
    """Answer a question by one of its options; a second press of it is passed over."""
    answered = await context.run(context.services.questions.answer_by_button, question_id, choice)
    if answered != Nothing("already_answered"):
        respond(context.responder, answered, edits=context.replaced_key)


async def budgets(context: Context) -> None:
    """Show all budgets, as a message of its own."""
    shown = await context.run(show)
    respond(context.responder, shown)


async def budget_set(  # noqa: PLR0913, PLR0917  # the stored arguments of a button
    context: Context,
    target: str,
    limit_minor: int,
    currency: str,
    per: Per | None,
    trip: list[str] | None = None,
    carry: Carry | None = None,
) -> None:
    """Set a budget."""
    amount = from_minor(limit_minor, currency)
    words = BudgetWords(target, amount, currency, per, carry=carry, trip=load_trip(trip))
    await context.answer(change_budget, words)


async def budget_off(
    context: Context, target: str, per: Per | None = None, trip: list[str] | None = None
) -> None:
    """Remove a budget; buttons from before budgets had periods of their own name none."""
    words = BudgetWords(target, per=per, off=True, trip=load_trip(trip))
    await context.answer(change_budget, words)


async def budget_pick(context: Context, target: str) -> None:
    """Explain how to set a budget for these entries."""
    await context.answer(pick, target)


async def rate_set(context: Context, source: str, target: str, value: str, on: str) -> None:
    """Set a rate that was doubted."""
    pair, day = CurrencyPair(source, target), date.fromisoformat(on)
    await context.answer(context.services.rates.set, pair, Decimal(value), day)


async def settings(context: Context, name: str, place: str = "") -> None:
    """Show a page of the settings."""
    responder = await context.enter()
    reply = views.settings(name, responder.t, now=responder.now, place=place)
    responder.reply(reply, edits=context.replaced_key)


async def set_value(context: Context, name: str, value: Json, page_name: str) -> None:
    """Change a setting and show its page again."""
    await _change(context, **{name: value})
    await settings(context, page_name)


async def set_all(context: Context, values: dict[str, Json], page_name: str) -> None:
    """Change several settings at once and show their page again."""
    await _change(context, **values)
    await settings(context, page_name)


async def set_up(context: Context, step: str, place: str = "") -> None:
    """Show a step of the set-up."""
    if step == "done":
        await _change(context, set_up=True)
    responder = await context.enter()
    reply = views.set_up(step, responder.t, now=responder.now, place=place)
    responder.reply(reply, edits=context.replaced_key)


async def set_up_with(context: Context, name: str, value: Json, step: str) -> None:
    """Change a setting and go on with the set-up."""
    await _change(context, **{name: value})
    await set_up(context, step)


async def _change(context: Context, **values: Json) -> None:
    changed = await context.run(context.services.preferences.change, values)
    context.use_settings(changed)
    responder = context.responder
    if "currency" in values and (kept := await context.run(find_other_currencies)):
        responder.reply(views.budgets_keep_currency(kept, responder.t))
    name = next(iter(values))
    if responder.chat.kind == "group" and name != "set_up":
        # The page is edited where nobody looks; what counts for all is said to all.
        responder.push(views.setting_changed(name, member_of(context.user).name, responder.t))


async def open_questions(context: Context) -> None:
    """Ask the open questions again, each as a message with its buttons."""
    found = await context.run(context.services.questions.list_open)
    respond(context.responder, found)


async def pause(context: Context, days: int) -> None:
    """Let pushes wait, or end the pause."""
    today = (await context.enter()).today
    until = today + timedelta(days=days)
    await _change(context, paused_until=until.isoformat() if days else "")
    t = context.responder.t
    reply = views.paused(until, t, today=today) if days else views.unpaused(t)
    context.responder.reply(reply, edits=None if days else context.replaced_key)


async def stop_push(context: Context, kind: PushKind) -> None:
    """Send no more pushes of a kind."""
    await _change(context, **{f"{kind}_on": False})
    context.responder.reply(views.push_stopped(kind, context.responder.t))


async def pin_card(context: Context) -> None:
    """Switch the card on; it takes the place of the page."""
    await _change(context, card_on=True)
    send_card(context.responder.unit, await context.run(begin_card, context.replaced_key))


async def help_topic(context: Context, topic: str) -> None:
    """Show a topic of the help."""
    responder = await context.enter()
    responder.reply(views.help_on(topic, responder.t), edits=context.replaced_key)


async def import_answer(context: Context, import_id: str, name: Property, value: str) -> None:
    """Answer a question about a file."""
    await context.answer(imports.answer, import_id, name, value)


async def import_write(
    context: Context,
    import_id: str,
    with_probable: bool,  # noqa: FBT001 - stored with the button
    with_links: bool = False,  # noqa: FBT001, FBT002 - as above; absent in older buttons
) -> None:
    """Write the rows of a file."""
    await context.answer(
        imports.write, import_id, with_probable=with_probable, with_links=with_links
    )


async def import_page(context: Context, import_id: str, page: ImportPage, at: int) -> None:
    """Show another page of a preview."""
    await context.answer(imports.turn_to, import_id, page, at)


async def import_list(context: Context, import_id: str) -> None:
    """Send the rows of a preview as a file."""
    shown = await context.run(imports.show, import_id)
    start_listing(context.responder, shown.batch)


async def import_cancel(context: Context, import_id: str) -> None:
    """Leave a file out."""
    await context.answer(imports.cancel, import_id)


async def import_reverse(context: Context, import_id: str, redo: bool) -> None:  # noqa: FBT001 - stored with the button
    """Undo or redo an import."""
    await context.answer(imports.reverse, import_id, redo=redo)


async def tokens(context: Context) -> None:
    """Show the tokens of the ledger."""
    await context.answer(context.services.api_tokens.show)


async def token_make(context: Context, preset: str) -> None:
    """Make a token; a second press of the same button makes none."""
    assert context.press is not None
    await context.answer(context.services.api_tokens.make, preset, context.press.data)


async def sign_out(context: Context) -> None:
    """End all sessions of the person who presses."""
    await context.answer(context.services.api_tokens.sign_out)


async def token_revoke(context: Context, token_id: str) -> None:
    """Revoke a token."""
    await context.answer(context.services.api_tokens.revoke, token_id)


async def mail_weekly(context: Context, on: bool) -> None:  # noqa: FBT001  # of a keyboard
    """Switch the weekly mail of the person who presses."""
    await context.answer(context.services.mail.set_weekly, on=on)


async def mail_remove(context: Context) -> None:
    """Remove the address of the person who presses."""
    await context.answer(context.services.mail.remove)


async def forget_all(context: Context) -> None:
    """Delete the ledger for good; in a group only an admin may."""
    keys = await context.run(context.services.forgetting.forget)
    responder = context.responder
    if keys:
        responder.unit.start(delete_files(keys, context.update_scope.key))
    responder.reply(views.forgotten(responder.t), edits=context.replaced_key)


async def dismiss(context: Context) -> None:
    """Keep everything as it is."""
    responder = await context.enter()
    responder.reply(views.kept(responder.t), edits=context.replaced_key)


async def correct(context: Context, entry_id: str, words: str) -> None:
    """Correct the entry that a reply to several meant."""
    by_reply = context.services.corrections.by_reply
    await context.answer(lambda scope: by_reply(scope, context.button_text(words), entry_id))


async def export_all(context: Context, format_name: str) -> None:
    """Send everything as a file, as a message of its own."""
    await begin_export(context, ExportRequest(parse_format(format_name)))


ACTIONS: dict[str, ButtonAction] = {
    "categories": cards.categories,
    "category": cards.category,
    "show": cards.show_entry,
    "open": cards.open_entry,
    "correct": correct,
    "dates": cards.dates,
    "date": cards.move,
    "merchant": cards.merchant,
    "currencies": cards.currencies,
    "currency": cards.currency,
    "edit": cards.edit_page,
    "calendar": cards.calendar,
    "prompt": cards.prompt,
    "payers": cards.payers,
    "payer": cards.payer,
    "again": cards.again,
    "delete": cards.delete,
    "restore": cards.restore,
    "picture": picture,
    "answer": answer,
    "page": asking.page,
    "look": asking.look,
    "entries": asking.entries,
    "found": asking.found,
    "inquiry": asking.inquiry,
    "summary": asking.summary,
    "budgets": budgets,
    "budget_set": budget_set,
    "budget_pick": budget_pick,
    "budget_off": budget_off,
    "rate_set": rate_set,
    "amount_right": cards.amount_right,
    "series_list": series.series_list,
    "series": series.series_page,
    "series_set": series.series_set,
    "series_remove": series.series_remove,
    "series_amount": series.series_amount,
    "series_another": series.series_another,
    "series_follow": series.series_follow,
    "series_undo": series.series_undo,
    "undo_own": series.undo_own,
    "series_pay": series.series_pay,
    "feed": series.feed,
    "offer_take": series.offer_take,
    "offer_refuse": series.offer_refuse,
    "insight_entries": insights.insight_entries,
    "insight_budget": insights.insight_budget,
    "insight_no": insights.insight_no,
    "insight_yes": insights.insight_yes,
    "wording": insights.wording,
    "wording_set": insights.wording_set,
    "settings": settings,
    "set": set_value,
    "set_all": set_all,
    "set_up": set_up,
    "set_up_with": set_up_with,
    "help": help_topic,
    "import_answer": import_answer,
    "import_write": import_write,
    "import_page": import_page,
    "import_list": import_list,
    "import_cancel": import_cancel,
    "import_reverse": import_reverse,
    "export": export_all,
    "open_questions": open_questions,
    "pause": pause,
    "stop_push": stop_push,
    "pin_card": pin_card,
    "tokens": tokens,
    "token_make": token_make,
    "token_revoke": token_revoke,
    "sign_out": sign_out,
    "mail_weekly": mail_weekly,
    "mail_remove": mail_remove,
    "forget": forget_all,
    "dismiss": dismiss,
    "run": run_command,
}

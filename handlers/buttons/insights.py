"""Run the buttons of insights; each answers with a message of its own."""

from __future__ import annotations

from typing import Any

from handlers.commands.budgets import change_budget
from handlers.commands.insights import change_wording
from handlers.context import Context
from ledger.entries.filter_fields import load_filter
from ledger.money import from_minor
from ledger.text import BudgetWords
from ports.answers import InsightRefused
from replies.responding import respond
from services.insights.finding import allow, refuse
from services.reporting.reports import list_page


async def insight_entries(context: Context, fields: dict[str, Any]) -> None:
    """List the entries behind an insight."""
    page = await context.run(list_page, load_filter(fields))
    respond(context.responder, page)


async def insight_budget(context: Context, category: str, minor: int, currency: str) -> None:
    """Set a budget that was proposed."""
    words = BudgetWords(category, from_minor(minor, currency), currency, "month")
    answer = await context.run(change_budget, words)
    respond(context.responder, answer)


async def insight_no(context: Context, kind: str, about: str) -> None:
    """Never tell this kind of insight about this object again."""
    await context.run(refuse, kind, about)
    respond(context.responder, InsightRefused(kind, about))


async def insight_yes(context: Context, kind: str, about: str) -> None:
    """Take a refusal back, in the place of the message that confirmed it."""
    await context.run(allow, kind, about)
    respond(
        context.responder, InsightRefused(kind, about, taken_back=True), edits=context.replaced_key
    )


async def wording(context: Context) -> None:
    """Show the instruction for wording."""
    shown = await context.run(context.services.insights.show_wording)
    respond(context.responder, shown)


async def wording_set(context: Context, words: str) -> None:
    """Set or delete the instruction, in place."""
    await change_wording(context, words, edits=context.replaced_key)

"""`/summary`, `/list` and `/find`."""

from __future__ import annotations

from datetime import date

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.period import Period, parse_period
from ledger.queries import EntryFilter
from ledger.settings import Settings
from ports.answers import Page
from services.reporting.reports import list_page, summarise
from services.scope import Scope


async def summary(update: Update, context: Context) -> None:
    """Sum a period up, with a picture."""
    await context.answer(lambda scope: summarise(scope, get_period(context.arguments, scope)))


async def list_entries(update: Update, context: Context) -> None:
    """List the entries of a period, or those with these words; newest first."""
    await context.answer(list_period, context.arguments)


async def find(update: Update, context: Context) -> None:
    """List the entries with these words."""
    await context.answer(list_page, EntryFilter(words=context.arguments))


def list_period(scope: Scope, words: str) -> Page:
    """Return the first page of a period that words name, else of the entries with these words."""
    period = find_period(words, scope) if words else None
    return list_page(scope, EntryFilter(period=period, words="" if period else words))


def find_period(words: str, scope: Scope) -> Period | None:
    """Return the period that words name in this chat, or None."""
    return read_period(words, scope.today, scope.settings)


def read_period(words: str, today: date, settings: Settings) -> Period | None:
    """Read words as a period by the chat's week, month and language."""
    return parse_period(
        words,
        today,
        week_start=settings.week_start,
        month_start=settings.month_start,
        language=settings.language,
    )


def get_period(words: str, scope: Scope) -> Period:
    """Return the period that words name. Raises `InputError` when they name none."""
    period = find_period(words, scope)
    if period is None:
        raise InputError("period_unknown", words=words)
    return period

"""`/summary`, `/list` and `/find`."""

from __future__ import annotations

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.period import Period
from ports.answers import Page
from replies.names import list_scope_names
from services.reporting.reports import list_page, summarise
from services.reporting.searching import find_period, read_filter
from services.scope import Scope


async def summary(update: Update, context: Context) -> None:
    """Sum a period up, with a picture."""
    await context.answer(lambda scope: summarise(scope, get_period(context.arguments, scope)))


async def list_entries(update: Update, context: Context) -> None:
    """List the entries of a period or a category, or those with these words; newest first."""
    await context.answer(list_filtered, context.arguments)


async def find(update: Update, context: Context) -> None:
    """List the entries with these words, or of the category that they name."""
    await context.answer(list_filtered, context.arguments)


def list_filtered(scope: Scope, words: str) -> Page:
    """Return the first page of the entries that words ask for."""
    return list_page(scope, read_filter(scope, words, list_scope_names(scope.settings)))


def get_period(words: str, scope: Scope) -> Period:
    """Return the period that words name. Raises `InputError` when they name none."""
    period = find_period(scope, words)
    if period is None:
        raise InputError("period_unknown", words=words)
    return period

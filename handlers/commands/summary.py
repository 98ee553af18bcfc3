"""Handle `/summary`, `/list` and `/find`."""

from __future__ import annotations

from dataclasses import replace

from telegram import Update

from handlers.context import Context
from ledger.errors import InputError
from ledger.periods.period import Period
from ports.answers import Page, Summarised
from replies.names import list_scope_names
from services.reporting.reports import list_page, summarise
from services.reporting.searching import find_period, read_filter, read_known_filter
from services.scope import Scope


async def summary(update: Update, context: Context) -> None:
    """Sum a period up, or some entries of it, with a picture."""
    await context.answer(summarise_filtered, context.arguments)


async def list_entries(update: Update, context: Context) -> None:
    """List the entries that the words ask for (`ledger.text.filter_words`), newest first."""
    await context.answer(list_filtered, context.arguments)


async def find(update: Update, context: Context) -> None:
    """List the entries that the words ask for, as `/list` does; without words say what they may be."""
    await context.answer(find_filtered, context.arguments)


def list_filtered(scope: Scope, words: str) -> Page:
    """Return the first page of the entries that words ask for."""
    return list_page(scope, read_filter(scope, words, list_scope_names(scope.settings)))


def find_filtered(scope: Scope, words: str) -> Page:
    """Return the first page of what words look for; without words, of everything."""
    return replace(list_filtered(scope, words), is_unasked=not words.strip())


def summarise_filtered(scope: Scope, words: str) -> Summarised:
    """Return the figures of what words ask for; this month where they name no period."""
    which = read_known_filter(scope, words, list_scope_names(scope.settings))
    return summarise(scope, which.period or get_period("", scope), which=which)


def get_period(words: str, scope: Scope) -> Period:
    """Return the period that words name. Raises `InputError` when they name none."""
    period = find_period(scope, words)
    if period is None:
        raise InputError("period_unknown", words=words)
    return period

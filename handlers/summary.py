"""`/summary`, `/list` and `/find`: asking the ledger."""

from __future__ import annotations

from datetime import date

from telegram import Update

from handlers.context import Context
from ledger.days import day_of
from ledger.errors import InputError
from ledger.period import Period, parse_period
from ledger.settings import Settings
from looks import views
from ports.answers import Page
from ports.books import Books, Chat, EntryFilter
from services.reports import list_page, summarise


async def summary(update: Update, context: Context) -> None:
    """Sum a period up, with a picture."""
    answer = await context.run(
        lambda books, chat: summarise(
            books, chat, get_period(context.words, chat, context), now=context.now
        )
    )
    voice = context.voice
    voice.say(views.summary(answer, voice.t, today=voice.today))


async def list_entries(update: Update, context: Context) -> None:
    """List the entries of a period, or those with these words; newest first."""

    def look(books: Books, chat: Chat) -> Page:
        period = find_period(context.words, chat, context) if context.words else None
        words = "" if period else context.words
        return list_page(books, chat, EntryFilter(period=period, words=words))

    page = await context.run(look)
    voice = context.voice
    voice.say(views.page(page, voice.t, today=voice.today, payers=voice.payers))


async def find(update: Update, context: Context) -> None:
    """List the entries with these words."""
    page = await context.run(
        lambda books, chat: list_page(books, chat, EntryFilter(words=context.words))
    )
    voice = context.voice
    voice.say(views.page(page, voice.t, today=voice.today, payers=voice.payers))


def find_period(words: str, chat: Chat, context: Context) -> Period | None:
    """Return the period that words name in this chat, or None."""
    settings = chat.settings
    return read_period(words, day_of(context.now, settings.timezone), settings)


def read_period(words: str, today: date, settings: Settings) -> Period | None:
    """Read words as a period by the chat's week, month and language."""
    return parse_period(
        words,
        today,
        week_start=settings.week_start,
        month_start=settings.month_start,
        language=settings.language,
    )


def get_period(words: str, chat: Chat, context: Context) -> Period:
    """Return the period that words name. Raises `InputError` when they name none."""
    period = find_period(words, chat, context)
    if period is None:
        raise InputError("period_unknown", words=words)
    return period

"""Define entries that come again as the API shows and takes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.recurring.rules import EVERY_MAX
from web.api.models.expenses import Tags
from web.api.models.fields import (
    NEVER_NULL,
    Amount,
    AmountIn,
    Currency,
    CurrencyIn,
    Day,
    DayIn,
    EntryKind,
    Model,
    Name,
    Note,
)

Unit = Literal["day", "week", "month"]
Weekend = Literal["keep", "before", "after"]
Every = Annotated[int, Field(ge=1, le=EVERY_MAX, strict=True)]


class SeriesShown(Model):
    """An entry that comes again."""

    id: str
    type: Literal["expense", "income", "transfer"]
    amount: Amount
    currency: Currency
    note: str
    merchant: str | None
    category: str
    tags: tuple[str, ...]
    paid_by_id: str
    unit: Unit
    every: int
    """Units between two occurrences; a quarter is three months."""
    start: Day
    """The first day; its day of the month is that of every later one."""
    until: Day | None
    weekend: Weekend
    """A day of a weekend stays, or moves to the Friday before or the Monday after."""
    next: Day | None
    """The day on which the next one is booked; null while paused and after the end."""
    paused: bool
    remind_only: bool
    """A bill that nothing books by itself."""
    varies: bool
    reminders: tuple[int, ...]
    """Days before the booking on which the chat is reminded."""


class SeriesPage(Model):
    """All entries that come again, those that are due next first."""

    items: tuple[SeriesShown, ...]
    next: str | None = None


class NewSeries(Model):
    """An entry that shall come again; what was due since its start is booked at once."""

    amount: AmountIn
    note: Annotated[Note, Field(min_length=1)]
    unit: Unit = "month"
    every: Every = 1
    start: DayIn | None = None
    """Left out, it is today."""
    until: DayIn | None = None
    type: EntryKind | None = None
    currency: CurrencyIn | None = None
    category: Name | None = None
    merchant: Name | None = None
    tags: Tags = ()
    paid_by: Name | None = None
    weekend: Weekend = "keep"
    remind_only: bool = False
    reminders: Annotated[
        tuple[Annotated[int, Field(ge=0, le=366, strict=True)], ...], Field(max_length=5)
    ] = ()


class SeriesPatch(Model):
    """The fields to change from now on; entries that are booked stay."""

    amount: Annotated[AmountIn | None, NEVER_NULL] = None
    note: Annotated[Annotated[Note, Field(min_length=1)] | None, NEVER_NULL] = None
    until: DayIn | None = None
    """Null: without an end."""
    weekend: Annotated[Weekend | None, NEVER_NULL] = None
    paused: Annotated[bool | None, NEVER_NULL] = None

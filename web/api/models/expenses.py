"""Define expenses and incomes as the API shows and takes them, with the names of the CSV."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.api.models.fields import (
    NEVER_NULL,
    Amount,
    AmountIn,
    Currency,
    CurrencyIn,
    Day,
    DayIn,
    EntryKind,
    Instant,
    Model,
    Name,
    Note,
    Tag,
)

PAGE_DEFAULT, PAGE_MAX = 50, 1000
TAGS_MAX = 20
Tags = Annotated[tuple[Tag, ...], Field(max_length=TAGS_MAX)]
Limit = Annotated[int, Field(ge=1, le=PAGE_MAX)]


class Expense(Model):
    """An expense or income; what is not known is null."""

    id: str
    date: Day
    type: Literal["expense", "income", "transfer"]
    amount: Amount
    """As typed or printed, always positive."""
    currency: Currency
    category: str
    """An id such as `eating_out`, or the name of the chat's own category; empty without one."""
    merchant: str | None
    note: str
    tags: tuple[str, ...]
    paid_by: str
    """The name of the member who paid."""
    paid_by_id: str
    source: Literal["text", "receipt", "recurring", "import", "api"]
    base_amount: Amount | None
    """In the ledger's currency; null while no rate of that day is known."""
    base_currency: Currency
    rate: str | None
    rate_date: Day | None
    receipt_id: str | None
    """The receipt that the entry was made of, see its image."""
    marks: tuple[Literal["merchant", "date", "currency", "amount", "category"], ...]
    """Fields that were booked in doubt and that nobody has confirmed yet."""
    created_at: Instant
    updated_at: Instant


class ExpensePage(Model):
    """A page of expenses, the newest day first."""

    items: tuple[Expense, ...]
    next: str | None
    """The `cursor` of the next page; null on the last one."""


class FilterQuery(Model):
    """The filters of a list; all that are given must hold."""

    first: Annotated[DayIn | None, Field(alias="from", description="First day")] = None
    last: Annotated[DayIn | None, Field(alias="to", description="Last day, included")] = None
    category: Annotated[
        Name | None, Field(description="Id or name of a category, or a group such as Food")
    ] = None
    merchant: Annotated[Name | None, Field(description="A shop, as it is written")] = None
    member: Annotated[Name | None, Field(description="Name or id of the member who paid")] = None
    q: Annotated[Name | None, Field(description="Words of note, shop and tags")] = None
    type: Annotated[EntryKind | None, Field(description="Only expenses or only incomes")] = None
    tag: Annotated[Tag | None, Field(description="A tag, with or without #")] = None


class ExpenseQuery(FilterQuery):
    """The filters of a list, and the place of a page in it."""

    limit: Annotated[Limit, Field(description="Items of a page")] = PAGE_DEFAULT
    cursor: Annotated[Name | None, Field(description="`next` of the page before")] = None


class NewExpense(Model):
    """An expense or income to book; amount and note suffice."""

    amount: AmountIn
    note: Note = ""
    type: EntryKind | None = None
    """Left out, it follows the category."""
    currency: CurrencyIn | None = None
    """Left out, it is the ledger's."""
    date: DayIn | None = None
    """Left out, it is today in the ledger's time zone."""
    category: Name | None = None
    """An id or a name; left out, it is chosen as in the chat."""
    merchant: Name | None = None
    tags: Tags = ()
    paid_by: Name | None = None
    """Name or id of a member; left out, it is the caller."""


class ExpensePatch(Model):
    """The fields to change; others stay as they are. `null` clears note, shop and tags.

    A `null` category is chosen again.
    """

    amount: Annotated[AmountIn | None, NEVER_NULL] = None
    note: Note | None = None
    type: Annotated[EntryKind | None, NEVER_NULL] = None
    currency: Annotated[CurrencyIn | None, NEVER_NULL] = None
    date: Annotated[DayIn | None, NEVER_NULL] = None
    category: Name | None = None
    merchant: Name | None = None
    tags: Tags | None = None
    paid_by: Annotated[Name | None, NEVER_NULL] = None

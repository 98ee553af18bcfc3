"""Define changes of a ledger since a program looked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.api.models.expenses import PAGE_MAX, Expense
from web.api.models.fields import Instant, Model, Name


class ChangeShown(Model):
    """An expense or income that changed."""

    id: str
    deleted: bool
    changed_at: Instant
    expense: Expense | None
    """As it is now; null when it is deleted."""


class ChangePage(Model):
    """The entries that changed, each once, in the order of their changes."""

    items: tuple[ChangeShown, ...]
    next: str
    """`since` of the next call, also when nothing is left for now."""
    more: bool
    """True where the next call would find something at once."""


class ChangeQuery(Model):
    """The place to go on from."""

    since: Annotated[
        Name | None,
        Field(description="`next` of the call before, or a time; left out: from the beginning"),
    ] = None
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX, description="Changes looked at")] = PAGE_MAX

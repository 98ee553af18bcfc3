"""Define receipts as the API shows them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from web.api.models.expenses import Expense
from web.api.models.fields import Instant, Model, Note


class ReceiptShown(Model):
    """A receipt, and what became of it."""

    id: str
    state: Literal["reading", "asked", "booked", "refused", "failed"]
    """`asked`: the chat has a question about it. A picture of something else is not kept."""
    received_at: Instant
    caption: str
    image: str | None
    """Where its picture is found, once it is read."""
    items: tuple[Expense, ...]
    """The entries that were made of it."""


class UploadQuery(Model):
    """Words next to a body that is a file."""

    caption: Annotated[
        Note | None, Field(description="As below a photo in the chat; its words win")
    ] = None

"""Define sentences that programs hand on, and what they became."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.api.models.expenses import Expense
from web.api.models.fields import NEVER_NULL, InstantIn, Model, Sentence, SourceId


class NewCapture(Model):
    """A sentence as one would type it in the chat."""

    text: Sentence
    at: Annotated[InstantIn | None, NEVER_NULL] = None
    """When it was said, by which `today` is meant; left out, it is now."""
    source_id: Annotated[SourceId | None, NEVER_NULL] = None
    """Names it where it comes from; what was booked under the name before is not booked again."""


class Captures(Model):
    """The entries of a sentence, in its order."""

    items: tuple[Expense, ...]
    next: Annotated[str | None, Field(description="Always null")] = None

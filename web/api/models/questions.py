"""Define questions to a ledger, their answers, and what a caller may do."""

from __future__ import annotations

from typing import Literal

from ports.access import AccessScope
from web.api.models.budgets import MoneyShown
from web.api.models.fields import Model, Sentence


class NewQuestion(Model):
    """A question as one would type it behind `/ask`."""

    text: Sentence


class AnswerShown(Model):
    """The answer that the chat would give, as plain text in the ledger's language."""

    state: Literal["answered", "unclear", "declined"]
    """`unclear`: `readings` are the questions that may be meant; ask one of them."""
    text: str
    """States how the question was read, the figures, and of how many entries they are made."""
    total: MoneyShown | None = None
    """The sum that was asked for, where it is one."""
    count: int | None = None
    """The expenses or incomes that it is made of."""
    readings: tuple[str, ...] = ()


class CallerShown(Model):
    """The caller of this very request."""

    ledgers: tuple[str, ...]
    """Ids of the ledgers that it may open."""
    scopes: tuple[AccessScope, ...]
    """`read` sees, `write` changes, `capture` adds and sees nothing."""

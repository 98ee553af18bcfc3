"""Define tokens as the API shows and takes them; a secret is shown once."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ports.access import AccessScope
from web.api.models.fields import Instant, Model

Scopes = Annotated[tuple[AccessScope, ...], Field(min_length=1, max_length=len(AccessScope))]


class NewToken(Model):
    """A token for a program."""

    scopes: Scopes
    """`read` sees, `write` changes, `capture` adds and sees nothing."""


class TokenShown(Model):
    """A token, without its secret."""

    id: str
    hint: str
    """The last characters of its secret."""
    scopes: Scopes
    made_at: Instant
    used_at: Instant | None


class TokenMade(TokenShown):
    """A new token with its secret, which is shown this once."""

    secret: str


class TokenPage(Model):
    """The tokens of a ledger; all of them are on one page."""

    items: tuple[TokenShown, ...]
    next: str | None = None

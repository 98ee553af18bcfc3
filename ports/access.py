"""Define who asks over HTTP, what they may do, and what is kept of sessions, tokens and links.

Secrets never cross this page: only their digests are stored, so a copy of the database opens
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AccessScope(StrEnum):
    """The kinds of work that a caller may do."""

    READ = "read"
    """See entries, budgets, sums, receipts and exports."""
    WRITE = "write"
    """Create, change and delete them."""
    CAPTURE = "capture"
    """Add entries by a sentence, and see nothing."""


ALL_SCOPES = frozenset(AccessScope)


@dataclass(frozen=True, slots=True)
class Caller:
    """A person behind a request, as far as the request proves it.

    Whether that person is a member of a ledger is asked for each request
    (`services.access.ledgers`), since a member may leave at any time.
    """

    user_id: int
    scopes: frozenset[AccessScope] = ALL_SCOPES
    ledger_id: int | None = None
    """The only ledger that a token opens; None for a session, which opens each of its person."""


@dataclass(frozen=True, slots=True)
class LoginSession:
    """A session of a person, by the digest of its secret id."""

    digest: str
    user_id: int
    proof: str
    """Digest of the proof that opened it, so that signing out ends the proof too."""
    opened_at: datetime
    seen_at: datetime
    """The latest request, to the minute."""
    ends_at: datetime
    """The moment at which it ends however busy it is."""
    ended_at: datetime | None = None
    """The moment of signing out."""


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token that opens one ledger for programs, as the person who made it."""

    id: str
    ledger_id: int
    user_id: int
    digest: str
    hint: str
    """The last characters of the secret, by which its owner tells tokens apart."""
    scopes: frozenset[AccessScope]
    made_at: datetime
    used_at: datetime | None = None
    """The latest request, to the minute."""


@dataclass(frozen=True, slots=True)
class LoginLink:
    """A link that opens one session for one person."""

    digest: str
    user_id: int
    expires_at: datetime


class AccessTable(Protocol):
    """Sessions, tokens and one-time links, by digests of their secrets."""

    def add_session(self, session: LoginSession) -> bool:
        """Insert; False when the digest is there already."""

    def find_session(self, digest: str) -> LoginSession | None:
        """Return a session, ended or not; one ends as soon as another one of its proof was ended."""

    def was_signed_out(self, proof: str) -> bool:
        """Return whether a session of this proof was ended by its person."""

    def touch_session(self, digest: str, now: datetime) -> None:
        """Keep the moment of the latest request."""

    def drop_session(self, digest: str) -> None:
        """Delete a session, unless its person ended it: that must be remembered."""

    def end_sessions(self, proof: str, now: datetime) -> None:
        """End all sessions that this proof opened."""

    def count_sessions(self, user_id: int, *, seen_after: datetime, now: datetime) -> int:
        """Return how many sessions of a person run, those that were idle for longer left out."""

    def end_sessions_of(self, user_id: int, now: datetime) -> None:
        """End all sessions of a person, and the link that was not used yet."""

    def add_token(self, token: ApiToken) -> bool:
        """Insert; False when its id is there already."""

    def find_token(self, digest: str) -> ApiToken | None:
        """Return the token of this secret."""

    def list_tokens(self, ledger_id: int) -> list[ApiToken]:
        """Return the tokens of a ledger, the oldest first."""

    def touch_token(self, token_id: str, now: datetime) -> None:
        """Keep the moment of the latest request."""

    def drop_token(self, ledger_id: int, token_id: str) -> bool:
        """Delete a token; False when the ledger has none of this id."""

    def put_link(self, link: LoginLink) -> None:
        """Insert, in place of the older link of the same person."""

    def find_link(self, digest: str, now: datetime) -> LoginLink | None:
        """Return a link that was not used and has not expired."""

    def use_link(self, digest: str, now: datetime) -> bool:
        """Use a link up; False when it was used before or has expired."""

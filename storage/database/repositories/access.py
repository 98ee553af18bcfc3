"""Store sessions, tokens and one-time links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ports.access import AccessScope, ApiToken, LoginLink, LoginSession
from storage.database.connections.prepared import change, fetch, fetch_one, fetch_value
from storage.database.tables import api_tokens, login_links, sessions
from storage.database.types import AnyRow
from storage.database.upsert import insert

_s, _t, _l = sessions.c, api_tokens.c, login_links.c
_ADD_SESSION = insert(sessions).on_conflict_do_nothing(index_elements=["digest"]).inline()
_same_proof = sessions.alias("same_proof").c
# A session that was being opened while its proof was signed out is not there yet for the one who ends it.
_ENDED_AT = func.coalesce(
    _s.ended_at,
    select(func.max(_same_proof.ended_at)).where(_same_proof.proof == _s.proof).scalar_subquery(),
).label("ended_at")
_SESSION = select(*(one for one in _s if one.name != "ended_at"), _ENDED_AT).where(
    _s.digest == bindparam("digest_")
)
_SIGNED_OUT = (
    select(_s.digest).where(_s.proof == bindparam("proof_"), _s.ended_at.is_not(None)).limit(1)
)
_TOUCH_SESSION = (
    update(sessions).where(_s.digest == bindparam("digest_")).values(seen_at=bindparam("now"))
)
_DROP_SESSION = delete(sessions).where(_s.digest == bindparam("digest_"), _s.ended_at.is_(None))
_END = (
    update(sessions)
    .where(_s.proof == bindparam("proof_"), _s.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_RUNNING = select(func.count()).where(
    _s.user_id == bindparam("user"),
    _s.ended_at.is_(None),
    _s.ends_at > bindparam("now"),
    _s.seen_at > bindparam("seen_after"),
)
_END_ALL = (
    update(sessions)
    .where(_s.user_id == bindparam("user"), _s.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_ADD_TOKEN = insert(api_tokens).on_conflict_do_nothing(index_elements=["id"]).inline()
_TOKEN = select(api_tokens).where(_t.digest == bindparam("digest_"))
_TOKENS = select(api_tokens).where(_t.ledger_id == bindparam("ledger")).order_by(_t.made_at, _t.id)
_TOUCH_TOKEN = (
    update(api_tokens).where(_t.id == bindparam("token")).values(used_at=bindparam("now"))
)
_DROP_TOKEN = delete(api_tokens).where(
    _t.id == bindparam("token"), _t.ledger_id == bindparam("ledger")
)
_NEW_LINK = insert(login_links)
_PUT_LINK = _NEW_LINK.on_conflict_do_update(
    index_elements=["user_id"],
    set_={name: _NEW_LINK.excluded[name] for name in ("digest", "expires_at")},
).inline()
_DROP_LINK = delete(login_links).where(_l.user_id == bindparam("user"))
_OPEN_LINK = (_l.digest == bindparam("digest_"), _l.expires_at > bindparam("now"))
_LINK = select(login_links).where(*_OPEN_LINK)
_USE_LINK = delete(login_links).where(*_OPEN_LINK)


@dataclass(frozen=True, slots=True)
class SqlAccess:
    """`ports.access.AccessTable` on a connection."""

    connection: Connection

    def add_session(self, session: LoginSession) -> bool:
        """Insert; False when the digest is there already."""
        names = LoginSession.__dataclass_fields__
        row = {name: getattr(session, name) for name in names}
        return change(self.connection, _ADD_SESSION, row) == 1

    def find_session(self, digest: str) -> LoginSession | None:
        """Return a session, ended or not; one ends with its proof."""
        row = fetch_one(self.connection, _SESSION, {"digest_": digest})
        return None if row is None else LoginSession(**row._asdict())

    def was_signed_out(self, proof: str) -> bool:
        """Return whether a session of this proof was ended by its person."""
        return fetch_one(self.connection, _SIGNED_OUT, {"proof_": proof}) is not None

    def touch_session(self, digest: str, now: datetime) -> None:
        """Keep the moment of the latest request."""
        change(self.connection, _TOUCH_SESSION, {"digest_": digest, "now": now})

    def drop_session(self, digest: str) -> None:
        """Delete a session, unless its person ended it."""
        change(self.connection, _DROP_SESSION, {"digest_": digest})

    def end_sessions(self, proof: str, now: datetime) -> None:
        """End all sessions that this proof opened."""
        change(self.connection, _END, {"proof_": proof, "now": now})

    def count_sessions(self, user_id: int, *, seen_after: datetime, now: datetime) -> int:
        """Return how many sessions of a person run."""
        where = {"user": user_id, "seen_after": seen_after, "now": now}
        counted: int = fetch_value(self.connection, _RUNNING, where)
        return counted

    def end_sessions_of(self, user_id: int, now: datetime) -> None:
        """End all sessions of a person, and the link that was not used yet."""
        change(self.connection, _END_ALL, {"user": user_id, "now": now})
        change(self.connection, _DROP_LINK, {"user": user_id})

    def add_token(self, token: ApiToken) -> bool:
        """Insert; False when its id is there already."""
        row = {name: getattr(token, name) for name in ApiToken.__dataclass_fields__}
        scopes = sorted(scope.value for scope in token.scopes)
        return change(self.connection, _ADD_TOKEN, {**row, "scopes": scopes}) == 1

    def find_token(self, digest: str) -> ApiToken | None:
        """Return the token of this secret."""
        row = fetch_one(self.connection, _TOKEN, {"digest_": digest})
        return None if row is None else _token(row)

    def list_tokens(self, ledger_id: int) -> list[ApiToken]:
        """Return the tokens of a ledger, the oldest first."""
        return [_token(row) for row in fetch(self.connection, _TOKENS, {"ledger": ledger_id})]

    def touch_token(self, token_id: str, now: datetime) -> None:
        """Keep the moment of the latest request."""
        change(self.connection, _TOUCH_TOKEN, {"token": token_id, "now": now})

    def drop_token(self, ledger_id: int, token_id: str) -> bool:
        """Delete a token; False when the ledger has none of this id."""
        where = {"token": token_id, "ledger": ledger_id}
        return change(self.connection, _DROP_TOKEN, where) == 1

    def put_link(self, link: LoginLink) -> None:
        """Insert, in place of the older link of the same person."""
        row = {name: getattr(link, name) for name in LoginLink.__dataclass_fields__}
        change(self.connection, _PUT_LINK, row)

    def find_link(self, digest: str, now: datetime) -> LoginLink | None:
        """Return a link that was not used and has not expired."""
        row = fetch_one(self.connection, _LINK, {"digest_": digest, "now": now})
        return None if row is None else LoginLink(**row._asdict())

    def use_link(self, digest: str, now: datetime) -> bool:
        """Use a link up; False when it was used before or has expired."""
        return change(self.connection, _USE_LINK, {"digest_": digest, "now": now}) == 1


def _token(row: AnyRow) -> ApiToken:
    scopes = frozenset(AccessScope(scope) for scope in row.scopes)
    return ApiToken(**{**row._asdict(), "scopes": scopes})

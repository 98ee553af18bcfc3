"""Open, find and end the sessions of people on the page and in programs.

A session ends after an idle hour, after twelve hours at most, and by signing out, which also ends
the proof that opened it: data that Telegram signed, or a one-time link, opens nothing from then on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.errors import LoginRefusedError
from ports.access import Caller, LoginSession
from ports.repositories import Repositories
from services.access.init_data import AGE_MAX, InitData
from services.access.secret_ids import digest_of, is_secret, new_secret

IDLE_MAX = timedelta(hours=1)
LENGTH_MAX = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
"""The moment of the latest request is written at most this often, since reading costs no writer."""

_COOKIE = "session"
_HEADER = "init-data"


def open_session(repositories: Repositories, user_id: int, proof: str, now: datetime) -> str:
    """Begin a session; return its secret id, which nobody keeps but the browser.

    Raises:
        LoginRefusedError: `login_signed_out`.
    """
    if repositories.access.was_signed_out(proof):
        raise LoginRefusedError("login_signed_out")
    secret = new_secret()
    digest = digest_of(_COOKIE, secret)
    session = LoginSession(digest, user_id, proof, now, now, now + LENGTH_MAX)
    added = repositories.access.add_session(session)
    assert added, "two secrets of 256 bits are never alike"
    return secret


def find_session(repositories: Repositories, secret: str, now: datetime) -> LoginSession:
    """Return the session of a cookie.

    Raises:
        LoginRefusedError: `login_invalid`, `login_expired` or `login_signed_out`.
    """
    if not is_secret(secret):
        raise LoginRefusedError("login_invalid")
    session = repositories.access.find_session(digest_of(_COOKIE, secret))
    if session is None:
        raise LoginRefusedError("login_invalid")
    return _running(session, now)


def find_signed_session(
    repositories: Repositories, init_data: InitData, now: datetime
) -> LoginSession | None:
    """Return the session that this data opened in a header; None while there is none.

    Raises:
        LoginRefusedError: `login_expired` or `login_signed_out`.
    """
    found = repositories.access.find_session(digest_of(_HEADER, init_data.proof))
    if found is not None:
        return _running(found, now)
    if repositories.access.was_signed_out(init_data.proof):
        raise LoginRefusedError("login_signed_out")
    return None


def open_signed_session(
    repositories: Repositories, init_data: InitData, now: datetime
) -> LoginSession:
    """Begin the one session of data that comes in a header with every request; repeatable.

    Raises:
        LoginRefusedError: `login_expired` or `login_signed_out`.
    """
    found = find_signed_session(repositories, init_data, now)
    if found is not None:
        return found
    digest = digest_of(_HEADER, init_data.proof)
    ends_at = init_data.auth_at + AGE_MAX
    session = LoginSession(digest, init_data.user_id, init_data.proof, now, now, ends_at)
    # Two first requests at once open the same session, so a taken digest is expected.
    repositories.access.add_session(session)
    return session


def drop_session(repositories: Repositories, secret: str) -> None:
    """Delete the session of a cookie, in whose place another one is opened."""
    if is_secret(secret):
        repositories.access.drop_session(digest_of(_COOKIE, secret))


def is_due(session: LoginSession, now: datetime) -> bool:
    """Return whether the moment of the latest request shall be written."""
    return now - session.seen_at >= TOUCH_EVERY


def touch_session(repositories: Repositories, session: LoginSession, now: datetime) -> None:
    """Keep the moment of the latest request, so that a session in use goes on."""
    repositories.access.touch_session(session.digest, now)


def sign_out(repositories: Repositories, session: LoginSession, now: datetime) -> None:
    """End every session that the same proof opened, and the proof."""
    repositories.access.end_sessions(session.proof, now)


def count_running(repositories: Repositories, user_id: int, now: datetime) -> int:
    """Return in how many browsers and programs a person is signed in now."""
    return repositories.access.count_sessions(user_id, seen_after=now - IDLE_MAX, now=now)


def sign_out_everywhere(repositories: Repositories, user_id: int, now: datetime) -> None:
    """End all sessions of a person, and what opened them."""
    repositories.access.end_sessions_of(user_id, now)


def caller_of(session: LoginSession) -> Caller:
    """Return the person of a session, who may do everything in each of their ledgers."""
    return Caller(session.user_id)


def _running(session: LoginSession, now: datetime) -> LoginSession:
    if session.ended_at is not None:
        raise LoginRefusedError("login_signed_out")
    if now >= session.ends_at or now - session.seen_at >= IDLE_MAX:
        raise LoginRefusedError("login_expired")
    return session

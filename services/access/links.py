"""Make and use the one-time links that let a browser without Telegram in.

A link is sent to one person in their private chat, opens one session for that person, and lasts
five minutes. Looking at it uses nothing up, because programs that preview links do that too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.errors import LoginRefusedError
from ports.access import LoginLink
from ports.repositories import Repositories
from services.access.secret_ids import digest_of, is_secret, new_secret
from services.access.sessions import open_session

LIFE = timedelta(minutes=5)
_PURPOSE = "link"


def make_link(repositories: Repositories, user_id: int, now: datetime) -> str:
    """Return the secret of a new link; the person's older link no longer works."""
    secret = new_secret()
    link = LoginLink(digest_of(_PURPOSE, secret), user_id, now + LIFE)
    repositories.access.put_link(link)
    return secret


def find_link(repositories: Repositories, secret: str, now: datetime) -> LoginLink:
    """Return a link that still works. Raises `LoginRefusedError` (`link_used`)."""
    digest = digest_of(_PURPOSE, secret)
    link = repositories.access.find_link(digest, now) if is_secret(secret) else None
    if link is None:
        raise LoginRefusedError("link_used")
    return link


def use_link(repositories: Repositories, secret: str, now: datetime) -> tuple[int, str]:
    """Use a link up; return its person and the secret id of their new session.

    Raises:
        LoginRefusedError: `link_used`, when it was used before, replaced, or has expired.
    """
    link = find_link(repositories, secret, now)
    # Of two presses at once, one statement finds the row.
    if not repositories.access.use_link(link.digest, now):
        raise LoginRefusedError("link_used")
    return link.user_id, open_session(repositories, link.user_id, link.digest, now)

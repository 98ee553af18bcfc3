"""Make and use the one-time links that let a browser without Telegram in.

A link is sent to one person in their private chat, opens one session for that person, and lasts
five minutes. Looking at it uses nothing up, because programs that preview links do that too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.errors import LoginRefusedError
from ports.access import LoginLink
from ports.answers.access import DashboardShown
from ports.repositories import Repositories
from services.access.secret_ids import digest_of, is_secret, new_secret
from services.access.sessions import drop_session, open_session
from services.scope import Scope

LIFE = timedelta(minutes=5)
PATH = "/app/link"
"""Where a link leads, with its secret behind it."""
_PURPOSE = "link"


@dataclass(frozen=True, slots=True)
class DashboardLinks:
    """Shows people the way to the dashboard."""

    public_url: str = ""
    """Where people reach the web pages; empty: nowhere."""
    app_url: str = ""
    """The dashboard as Telegram opens it inside itself; empty where it would refuse to."""

    def show(self, scope: Scope) -> DashboardShown:
        """Return the ways from this chat; in a private one with a new one-time link."""
        is_group = scope.repositories.chats.of_ledger(scope.ledger.id).kind == "group"
        if is_group or not self.public_url:
            return DashboardShown(link=self.public_url, is_group=is_group)
        secret = make_link(scope.repositories, scope.actor, scope.now)
        return DashboardShown(self.app_url, f"{self.public_url}{PATH}/{secret}")


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


def use_link(
    repositories: Repositories, secret: str, now: datetime, older: str | None = None
) -> str:
    """Use a link up; return the secret id of its person's new session.

    `older` is the session that the browser had before, which ends.

    Raises:
        LoginRefusedError: `link_used`, when it was used before, replaced, or has expired.
    """
    link = find_link(repositories, secret, now)
    # Of two presses at once, one statement finds the row.
    if not repositories.access.use_link(link.digest, now):
        raise LoginRefusedError("link_used")
    if older is not None:
        drop_session(repositories, older)
    return open_session(repositories, link.user_id, link.digest, now)

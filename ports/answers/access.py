"""Define the answers about programs and browsers that open a ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.chats import Chat
from ports.access import ApiToken
from ports.programs.webhooks import Webhook


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which is shown once and never kept."""

    secret: str = field(repr=False)
    token: ApiToken
    ledger_url: str = ""
    """Where programs reach the ledger."""
    private: Chat | None = None
    """The private chat of a group's admin, where the secret is shown; None: in this chat."""
    group: str = ""
    """The title of the group whose ledger it opens; empty for a person's own."""


@dataclass(frozen=True, slots=True)
class TokensShown:
    """The tokens of a ledger, with the names of those who made them."""

    tokens: tuple[ApiToken, ...]
    makers: tuple[str, ...]
    """In the order of the tokens; empty names in a private chat."""
    made: MadeToken | None = None
    revoked: str = ""
    """The end of the token that was just revoked."""
    sessions: int = 0
    """Sessions of the person that run now; told in a private chat alone."""
    signed_out: bool = False
    """All of them were ended just now."""


@dataclass(frozen=True, slots=True)
class WebhookChanged:
    """A webhook that was made, removed or given up."""

    webhook: Webhook
    removed: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class DashboardShown:
    """The ways to the dashboard from this chat."""

    app_url: str = ""
    """The page as a Mini App of this private chat; empty where Telegram would not open it."""
    link: str = ""
    """A one-time link for a browser; empty where there is no address."""
    is_group: bool = False
    """A group is given the way to its private chat, since a link is for one person."""

    @property
    def has_button(self) -> bool:
        """Return whether Telegram takes a button with the link: not to this machine, nor plain http."""
        return self.link.startswith("https://")

"""Make the buttons that open the dashboard at the view of what a message shows.

In a private chat Telegram opens an address inside itself. In a group it takes such a button as a link to
the bot alone, whose parameter names the view, and only for a bot that has a Main Mini App.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.chats import Chat
from ports.messages import Button, Reply
from presentation.localizer import Localizer
from presentation.page_links import ROOT, start_param_of


@dataclass(frozen=True, slots=True)
class PageButtons:
    """Adds buttons to the dashboard of one installation."""

    app_url: str
    """The address of the dashboard's first view."""
    bot: str = ""
    """The bot's username where it has a Main Mini App; else empty."""

    def add(self, reply: Reply, chat: Chat, address: str, t: Localizer) -> Reply:
        """Return a reply with a last row that opens an address; as it is where that is impossible."""
        button = self._build(chat, address, t.label(t.plain("app.button")))
        return replace(reply, buttons=(*reply.buttons, (button,))) if button else reply

    def _build(self, chat: Chat, address: str, label: str) -> Button | None:
        if chat.kind == "private":
            return Button(label, web_app=self.app_url.removesuffix(ROOT) + address)
        if not self.bot:
            return None
        return Button(label, url=f"https://t.me/{self.bot}?startapp={start_param_of(address)}")

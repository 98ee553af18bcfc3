"""The buttons of the chat that open the dashboard at what a message shows."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from ledger.chats import Chat, Ledger
from ledger.settings import Settings
from ports.messages import Reply
from presentation.localizer import localizer_for
from presentation.page_links import Links, address_of
from replies.page_buttons import PageButtons

SETTINGS = Settings("EUR", "UTC", "en")
OWN = Chat(7, "private", "Ann", Ledger(1, "abc123", SETTINGS))
GROUP = replace(OWN, chat_id=-100, kind="group")
APP = "https://kvitto.example/app"


def test_a_private_chat_opens_the_view_inside_telegram() -> None:
    address = Links("abc123").recurring
    reply = PageButtons(APP, "bot").add(Reply("x"), OWN, address, localizer_for(SETTINGS))
    ((button,),) = reply.buttons
    assert (button.web_app, button.url) == (f"https://kvitto.example{address}", None)


@pytest.mark.parametrize("bot", ["", "kvitto_bot"])
def test_a_group_has_a_link_whose_parameter_names_the_view(bot: str) -> None:
    address = Links("abc123").recurring
    reply = PageButtons(APP, bot).add(Reply("x"), GROUP, address, localizer_for(SETTINGS))
    if not bot:
        assert reply.buttons == ()
        return
    ((button,),) = reply.buttons
    assert button.url
    assert button.url.startswith("https://t.me/kvitto_bot?startapp=")
    (start,) = parse_qs(urlsplit(button.url).query)["startapp"]
    assert address_of(start) == address

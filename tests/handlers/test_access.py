"""Tokens and the dashboard, asked for in a chat."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from handlers.context import SERVICES
from ports.repositories import Repositories
from services.access.links import DashboardLinks, find_link
from services.access.tokens import TOKENS_MAX
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage

SECRET = re.compile(r"kvitto_[A-Za-z0-9_-]{43}")


def ways(shown: Shown) -> list[Any]:
    """Return the buttons of a message as the sender gets them."""
    rows: Any = shown.message.payload.get("buttons") or []
    return [button for row in rows for button in row]


def publish(stage: Stage, url: str) -> None:
    """Give the installation an address."""
    app_url = f"{url}/app" if url.startswith("https") else ""
    links = DashboardLinks(url, app_url)
    services = replace(stage.boundary.services, dashboard_links=links)
    stage.boundary.dispatcher.application.bot_data[SERVICES] = services


async def make_admin(stage: Stage, *users: int) -> None:
    await stage.run(lambda repositories: repositories.chats.set_admins(GROUP, users))


def tokens_of(chat_id: int, repositories: Repositories) -> list[Any]:
    presence = repositories.chats.find(chat_id)
    assert presence
    return repositories.access.list_tokens(presence.chat.ledger.id)


async def test_a_token_is_shown_once_and_hidden_again(stage: Stage) -> None:
    (settings,) = await stage.say("/settings")
    (page,) = await stage.press(settings, "API")
    assert "no token yet" in page.text
    (made,) = await stage.press(page, "read and write")
    assert made.is_edit
    (secret,) = set(SECRET.findall(made.text))
    assert "curl -H" in made.text
    (hidden,) = await stage.press(made, "hide it")
    assert secret not in hidden.text
    assert secret[-4:] in hidden.text
    assert "never used" in hidden.text
    rows = await stage.run(lambda repositories: tokens_of(ANN, repositories))
    assert secret not in str(rows), "only a digest is kept"
    (by_words,) = await stage.say("/settings api")
    assert secret[-4:] in by_words.text


async def test_in_german_too(stage: Stage) -> None:
    (settings,) = await stage.say("/settings")
    (languages,) = await stage.press(settings, "Language")
    await stage.press(languages, "Deutsch")
    (page,) = await stage.say("/settings api")
    (made,) = await stage.press(page, "nur eintragen")
    assert "Ich zeige es nur dieses eine Mal" in made.text
    assert "Kaffee 4,50" in made.text
    (gone,) = await stage.say("/dashboard")
    assert "PUBLIC_URL" in gone.text


async def test_a_groups_token_is_for_its_admins_and_shown_in_private(stage: Stage) -> None:
    await stage.say("coffee 4.50", chat=GROUP)
    await stage.say("tea 2", chat=GROUP, user=BO)
    (page,) = await stage.say("/settings api", chat=GROUP, user=BO)
    (refused,) = await stage.press(page, "New: read", user=BO)
    assert "admin" in refused.text
    await make_admin(stage, BO)
    (refused,) = await stage.press(page, "New: read", user=BO)
    assert "Write /start to me" in refused.text
    await stage.say("/start", user=BO)
    shown = await stage.press(page, "New: read", user=BO)
    by_chat = {one.chat_id: one.text for one in shown}
    assert by_chat.keys() == {GROUP, BO}
    assert SECRET.search(by_chat[BO])
    assert not SECRET.search(by_chat[GROUP])
    assert "Bo" in by_chat[GROUP]
    (group_page,) = (one for one in shown if one.chat_id == GROUP)
    assert await stage.notice(group_page, group_page.data("Revoke"), user=ANN), "not Ann's to press"
    await make_admin(stage, ANN, BO)
    (revoked,) = await stage.press(group_page, "Revoke", user=ANN)
    assert "revoked" in revoked.text
    assert await stage.run(lambda repositories: tokens_of(GROUP, repositories)) == []


async def test_a_ledger_has_a_bounded_number_of_tokens(stage: Stage) -> None:
    for _ in range(TOKENS_MAX):
        (page,) = await stage.say("/settings api")
        await stage.press(page, "New: read")
    (page,) = await stage.say("/settings api")
    (refused,) = await stage.press(page, "New: read")
    assert f"{TOKENS_MAX} tokens" in refused.text


@pytest.mark.parametrize("url", ["https://kvitto.example", "http://127.0.0.1:8080"])
async def test_the_dashboards_link_is_for_one_person_in_private(stage: Stage, url: str) -> None:
    publish(stage, url)
    (shown,) = await stage.say("/dashboard")
    buttons = ways(shown)
    if url.startswith("https"):
        assert buttons[0]["web_app"] == f"{url}/app"
        link = buttons[1]["url"]
    else:
        assert buttons == [], "Telegram refuses buttons that lead to this machine"
        link = shown.text.split()[-1]
    assert link.startswith(f"{url}/app/link/")
    secret = link.rpartition("/")[2]
    found = await stage.run(lambda repositories: find_link(repositories, secret, stage.now))
    assert found.user_id == ANN
    (in_group,) = await stage.say("/dashboard", chat=GROUP)
    assert "/app/link/" not in str(in_group.message.payload)
    (way,) = ways(in_group)
    assert way["url"].endswith("?start=dashboard")
    (private,) = await stage.say("/start dashboard")
    assert "/app/link/" in str(private.message.payload)

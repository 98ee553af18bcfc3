"""A person gets a program and a browser in, and out again, on the running bot."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import aiohttp
import pytest

from tests.conversations.conftest import ANSWER_SECONDS, Talk, list_files_with
from tests.init_data import init_data

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]

LINK = re.compile(r"(http://\S+)/app/link/([A-Za-z0-9_-]{43})")
TOKEN = re.compile(r"kvitto_[A-Za-z0-9_-]{43}")


def list_readable(folder: Path) -> list[Path]:
    """Return the files that others than their owner may read, apart from the test's own log."""
    files = [file for file in folder.rglob("*") if file.name != "log"]
    return [file for file in files if file.stat().st_mode & 0o077]


async def test_a_token_and_a_link_open_the_ledger_until_it_is_forgotten(
    ann: Talk, installation: Path
) -> None:
    await ann.say("coffee 4.50")
    tokens = await ann.say("/settings api")
    made = await ann.press(tokens, "read and write")
    (token,) = set(TOKEN.findall(made.text))
    link = LINK.search((await ann.say("/dashboard")).text)
    assert link
    site, secret = link.groups()
    bearer = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(link[0]) as page:
            assert page.status == 200
            assert "Ann" in await page.text()
        form, own = {"secret": secret}, {"Origin": site}
        async with browser.post(f"{site}/app/link", data=form, headers=own) as opened:
            assert opened.history[0].status == 303
        async with browser.get(f"{site}/api/v1/ledgers") as answer:
            (ledger,) = (await answer.json())["items"]
        async with browser.get(f"{site}/api/v1/ledgers/{ledger['id']}/expenses") as answer:
            by_cookie = await answer.json()
        path = f"{site}/api/v1/ledgers/{ledger['id']}/expenses"
        async with browser.get(path, headers=bearer) as answer:
            by_token = await answer.json()
        assert by_cookie == by_token
        assert by_cookie["items"][0]["amount"] == "4.50"
        hidden = await ann.press(made, "hide it")
        assert token not in hidden.text
        asked = await ann.say("/forget")
        await ann.press_for_message(asked, asked.labels[-1])
        for headers in (bearer, {}):
            async with browser.get(path, headers=headers) as answer:
                assert answer.status == 401, "/forget ends tokens and sessions"
    readable = list_readable(installation)
    assert readable == [], "whatever the program writes is for its owner alone"
    for kept in (secret, token):
        assert await list_files_with(installation, kept.encode()) == [], "only its digest is kept"


async def test_a04_who_left_unseen_loses_access_when_telegram_is_asked(
    household: tuple[Talk, Talk], installation: Path
) -> None:
    mia, jonas = household
    await mia.say("coffee 4.50")
    private = Talk(mia.sim, mia.person, mia.sim.private_chat(mia.person))
    link = LINK.search((await private.say("/dashboard")).text)
    assert link
    data = init_data(
        {"id": jonas.person.id, "first_name": "Jonas"}, mia.sim.clock.now(), token=mia.sim.token
    )
    headers = {"Authorization": f"tma {data}"}
    await jonas.say("tea 2.00")
    async with aiohttp.ClientSession(headers=headers) as program:

        async def list_ledgers() -> list[str]:
            async with program.get(f"{link[1]}/api/v1/ledgers") as answer:
                assert answer.status == 200
                return [one["id"] for one in (await answer.json())["items"]]

        # A large group that hides its members tells the bot nothing.
        mia.chat.members[jonas.person.id] = "kicked"
        assert len(await list_ledgers()) <= 1
        end = time.monotonic() + ANSWER_SECONDS
        while await list_ledgers():
            assert time.monotonic() < end, "the access did not end"
            await asyncio.sleep(0.05)
    assert data not in (installation / "log").read_text()

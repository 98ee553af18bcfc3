"""The link that ends the weekly mail: a look changes nothing, one click does (RFC 8058)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ports.mail import MailAddress
from ports.repositories import Repositories
from storage import open_database
from tests.services.setup import ANN
from tests.web.api.stage import HOME, ApiStage, open_stage

KEY = "k" * 43


@pytest.fixture
async def api(sqlite_url: str, tmp_path: Path) -> AsyncIterator[ApiStage]:
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, tmp_path / "receipts") as stage,
    ):
        yield stage


async def test_a_look_asks_and_a_click_ends_the_mail(api: ApiStage) -> None:
    def confirm(rows: Repositories) -> None:
        presence = rows.chats.find(HOME)
        assert presence
        made = MailAddress(
            "a", presence.chat.ledger.id, ANN.user_id, "ann@example.org", KEY, api.now
        )
        rows.mail_addresses.put(replace(made, confirmed_at=api.now, weekly_on=True))

    def is_on(rows: Repositories) -> bool:
        found = rows.mail_addresses.find("a")
        return found is not None and found.weekly_on

    async with api.database.units.open(now=api.now) as unit:
        await unit.run(confirm)
    link = f"{api.url.removesuffix('/api/v1')}/mail/stop/{KEY}"
    shown = await api.call("GET", link, as_="")
    assert shown.status == 200
    assert b'<form method="post">' in shown.body
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert await api.database.units.read(is_on), "programs that scan mails look at links"

    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        stopped = await api.call("POST", link, as_="", data=body)
        assert stopped.status == 200
        assert b"ann@example.org" in stopped.body
    assert not await api.database.units.read(is_on)
    (told,) = await api.told()
    assert "was stopped by the link" in str(told.payload["text"])
    assert b"<form" not in (await api.call("GET", link, as_="")).body

    for wrong in ("x" * 43, "x", "%00", "../x"):
        for method in ("GET", "POST"):
            answer = await api.call(method, link.replace(KEY, wrong), as_="")
            assert answer.status == 404, wrong
    gone = await api.call(
        "GET", link.replace(KEY, "x" * 43), as_="", headers={"Accept-Language": "de"}
    )
    assert "gehört zu keiner Adresse" in gone.body.decode()
    huge = await api.call("POST", link, as_="", data=b"x" * 100_000)
    assert huge.status == 413

"""A browser without Telegram is let in once, by its person's link."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

from ports.repositories import Repositories
from services.access.links import make_link
from services.access.sessions import sign_out_everywhere
from services.recurring.feeds import CalendarLinks, read_feed
from services.scope import Scope
from tests.web.login.conftest import ANN, BO, GROUP, Visit
from web.failures import FAILURES_MAX

HTML_NAME = 'Ann <script>alert(1)</script>"'


async def new_link(visit: Visit, user_id: int = ANN.user_id) -> str:
    making = partial(make_link, user_id=user_id, now=visit.tell_time())
    async with visit.database.units.open(now=visit.now) as unit:
        return await unit.run(making)


async def look(visit: Visit, secret: str, language: str = "") -> tuple[int, str]:
    headers = {"Accept-Language": language} if language else {}
    async with visit.http.get(f"{visit.url}/app/link/{secret}", headers=headers) as answer:
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
        return answer.status, await answer.text()


async def take(visit: Visit, secret: str, origin: str | None = None) -> int:
    headers = {"Origin": visit.url if origin is None else origin}
    async with visit.http.post(
        f"{visit.url}/app/link", data={"secret": secret}, headers=headers, allow_redirects=False
    ) as answer:
        if answer.status == 303:
            assert answer.headers["Location"] == "/app"
            assert "SameSite=Lax" in answer.headers["Set-Cookie"]
        return answer.status


async def test_a_link_lets_one_person_in_once(visit: Visit) -> None:
    await visit.enter(replace(ANN, name=HTML_NAME))
    secret = await new_link(visit)
    for _ in range(3):  # previews
        status, page = await look(visit, secret)
        assert status == 200
        assert "<script>" not in page
        assert "Ann &lt;script&gt;" in page
        assert re.search(r'<form method="post" action="/app/link">', page)
    for origin in ("https://evil.example", "null", ""):
        assert await take(visit, secret, origin) == 403
    assert await take(visit, secret) == 303
    assert (await visit.ask("/api/v1/mine"))[0] == 200
    assert await take(visit, secret) == 410, "used"
    status, page = await look(visit, secret, "de-AT,de;q=0.9")
    assert status == 410
    assert "abgelaufen" in page


async def test_a_link_ends_after_five_minutes_and_with_the_next_one(visit: Visit) -> None:
    await visit.enter(ANN)
    await visit.enter(BO)
    first, other = await new_link(visit), await new_link(visit, BO.user_id)
    second = await new_link(visit)
    assert await take(visit, first) == 410, "replaced"
    visit.later = timedelta(minutes=5)
    assert await take(visit, second) == 410, "expired"
    visit.later -= timedelta(seconds=1)
    assert await take(visit, second) == 303
    assert await take(visit, other) == 303, "another person's link is their own"
    bos = (await visit.ask("/api/v1/mine"))[1]
    assert bos == [await visit.enter(BO)], "the earlier session of this browser ended"


async def test_signing_out_everywhere_ends_the_link_that_nobody_used(visit: Visit) -> None:
    await visit.enter(ANN)
    await visit.enter(BO)
    secret, other = await new_link(visit), await new_link(visit, BO.user_id)
    async with visit.database.units.open(now=visit.now) as unit:
        await unit.run(partial(sign_out_everywhere, user_id=ANN.user_id, now=visit.now))
    assert await take(visit, secret) == 410
    assert await take(visit, other) == 303


async def test_a04_a_calendar_link_ends_with_its_makers_membership(visit: Visit) -> None:
    await visit.enter(ANN, GROUP)
    await visit.enter(BO, GROUP)

    def make(rows: Repositories) -> str:
        found = rows.chats.find(GROUP, ANN.user_id)
        assert found is not None
        scope = Scope(rows, found.chat.ledger, ANN.user_id, visit.now)
        return CalendarLinks("https://kvitto.example").change(scope, "new").link

    async def is_open() -> bool:
        reading = partial(read_feed, secret=secret, now=visit.now)
        return await visit.database.units.read(reading) is not None

    async def leave(user_id: int) -> None:
        async with visit.database.units.open(now=visit.now) as unit:
            await unit.run(lambda rows: rows.chats.leave(GROUP, user_id, visit.now))

    async with visit.database.units.open(now=visit.now) as unit:
        secret = (await unit.run(make)).rpartition("/")[2].removesuffix(".ics")
    await leave(BO.user_id)
    assert await is_open()
    await leave(ANN.user_id)
    assert not await is_open()


async def test_a_link_of_somebody_who_left_opens_nothing(visit: Visit) -> None:
    await visit.enter(ANN)
    secret = await new_link(visit)
    assert visit.site.backend is not None
    invited = visit.site.backend
    visit.site.backend = replace(invited, allowed_users=frozenset({8}))
    assert await take(visit, secret) == 410
    visit.site.backend = invited
    assert await take(visit, secret) == 303, "the refusal used nothing up"


async def test_a10_guessed_links_are_answered_by_429(visit: Visit) -> None:
    await visit.enter(ANN)
    secret = await new_link(visit)
    statuses = [await take(visit, f"{number:043}") for number in range(FAILURES_MAX + 2)]
    assert statuses == [410] * FAILURES_MAX + [429] * 2
    for wrong in ("", "%00", "x" * 500, "é"):
        assert await take(visit, wrong) == 429
    assert await take(visit, "x" * 2000) == 413
    assert await take(visit, secret) == 303

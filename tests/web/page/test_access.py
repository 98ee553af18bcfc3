"""Every address of the page, taken from its router, keeps strangers and foreign ids out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from aiohttp import web

from tests.web.page.stage import EVE, Stage
from web.page.changes import add_form_routes
from web.page.routes import add_page_routes

pytestmark = pytest.mark.asyncio(loop_scope="module")


def list_places() -> Iterator[tuple[str, str]]:
    """Yield method and pattern of each address of a ledger, behind the ledger's own address."""
    app = web.Application()
    add_page_routes(app)
    add_form_routes(app)
    for route in app.router.routes():
        assert route.resource is not None
        path = route.resource.canonical
        # Addresses of forms lead back by GET without a look at the ledger.
        if path.startswith("/app/{ledger}") and "{form}" not in path and route.method != "HEAD":
            yield route.method, path.removeprefix("/app/{ledger}")


async def ask(stage: Stage, method: str, path: str, page: str) -> tuple[int, str]:
    if method == "POST":
        return await stage.post(path, page, text="theft 99")
    address = f"{stage.url}/app/{stage.key}{path}"
    async with stage.http.get(address, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_no_address_shows_or_changes_another_ledger(stage: Stage) -> None:
    flat = stage.key
    (entry,) = await stage.say("secret 77")
    await stage.attach_receipt(entry, b"secret", {})
    ids = {"entry": entry.id, "receipt": f"r{entry.id}"[:26]}
    before = await stage.entries()
    await stage.say("tea 2", EVE, EVE.user_id)
    own = await stage.run(lambda scope: scope.ledger.key, person=EVE, chat_id=EVE.user_id)
    places = list(list_places())
    assert {method for method, _ in places} == {"GET", "POST"}
    await stage.sign_in(EVE)
    stage.key = own
    page = await stage.get()
    for method, pattern in places:
        path = re.sub(r"{(\w+)}", lambda at: ids[at[1]], pattern)
        # Her own ledger has none of these entries and receipts; what needs no id is hers.
        for stage.key in (flat, own) if "{" in pattern else (flat,):
            status, shown = await ask(stage, method, path, page)
            assert (status, "secret" in shown) == (404, False), (method, path)
    stage.key = flat
    stage.http.cookie_jar.clear()
    for method, pattern in places:
        path = re.sub(r"{(\w+)}", lambda at: ids[at[1]], pattern)
        assert (await ask(stage, method, path, page))[0] == 401, (method, path)
    await stage.sign_in()
    assert await stage.entries() == before

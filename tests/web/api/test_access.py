"""Strangers, other ledgers and missing scopes get the same answers everywhere."""

from __future__ import annotations

import re

from tests.web.api.stage import ApiStage
from web.api.models.captures import NewCapture
from web.api.models.questions import NewQuestion
from web.api.models.recurring import NewSeries
from web.api.models.tokens import NewToken
from web.api.models.webhooks import NewWebhook
from web.api.routes import Route
from web.api.table import ROUTES

KINDS = {
    "budgets": "budget_id",
    "recurring": "series_id",
    "webhooks": "webhook_id",
    "tokens": "token_id",
}


def _path(route: Route, **ids: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "nonsense"), route.path)


def _body(route: Route) -> dict[str, object]:
    """Return a body that the route takes."""
    if route.body is NewCapture:
        return {"text": "tea 1"}
    if route.body is NewQuestion:
        return {"text": "how much this month?"}
    if route.body is NewWebhook:
        return {"url": "https://example.org/"}
    if route.body is NewToken:
        return {"scopes": ["read"]}
    if route.body is NewSeries:
        return {"amount": "1", "note": "rent"}
    return {"amount": "1"} if route.method in {"POST", "PUT"} else {}


async def test_a_stranger_gets_401_before_any_other_answer(api: ApiStage) -> None:
    for route in ROUTES:
        for ledger in (api.home, "nonsense"):
            answer = await api.call(route.method, _path(route, ledger_id=ledger), as_="")
            assert answer.status == 401
    for path in ("/nonsense", "", f"/ledgers/{api.home}/nonsense"):
        assert (await api.call("GET", path, as_="")).status == 401
    assert (await api.call("TRACE", "/ledgers", as_="")).status == 401


async def test_every_id_of_another_ledger_is_404(api: ApiStage) -> None:
    made = await api.book(amount="4.50", note="secret")
    ids = {"expense_id": made["id"]}
    for method, name, body in (
        ("PUT", "budgets", {"amount": "100"}),
        ("POST", "recurring", {"amount": "1", "note": "secret"}),
        ("POST", "webhooks", {"url": "https://example.org/secret"}),
        ("POST", "tokens", {"scopes": ["read"]}),
    ):
        one = await api.call(method, f"/ledgers/{api.home}/{name}", json=body)
        ids[KINDS[name]] = one.json["id"]
    picture = b"\xff\xd8\xff" + b"secret"
    receipt = await api.call("POST", f"/ledgers/{api.home}/receipts", data=picture)
    ids["receipt_id"] = receipt.json["id"]
    for route in ROUTES:
        if "{ledger_id}" not in route.path:
            continue
        asked = _body(route)
        for who in ("bo", "eve", "of-group"):
            path = _path(route, ledger_id=api.home, **ids)
            answer = await api.call(route.method, path, as_=who, json=asked)
            assert answer.status == 404, (route.name, answer.body)
            assert b"secret" not in answer.body
        if len(re.findall("{", route.path)) > 1:
            # Her own ids below a ledger that they are not of.
            path = _path(route, ledger_id=api.group, **ids)
            answer = await api.call(route.method, path, json=asked)
            assert answer.status == 404, route.name
    assert (await api.call("GET", f"/ledgers/{api.home}/expenses/{made['id']}")).json == made


async def test_a_token_does_what_its_scopes_allow(api: ApiStage) -> None:
    for route in ROUTES:
        if "{ledger_id}" in route.path:
            for who, scope in (("reader", "read"), ("shortcut", "capture")):
                path = _path(route, ledger_id=api.home)
                body = _body(route)
                answer = await api.call(route.method, path, as_=who, json=body)
                assert (answer.status == 403) == (route.scope.value != scope), route.name
    assert (await api.call("GET", "/ledgers", as_="shortcut")).status == 403


async def test_ledgers_are_those_of_the_caller(api: ApiStage) -> None:
    async def ledgers(who: str) -> set[str]:
        answer = await api.call("GET", "/ledgers", as_=who)
        return {one["id"] for one in answer.json["items"]}

    assert await ledgers("ann") == {api.home, api.group}
    assert await ledgers("bo") == {api.group}
    assert await ledgers("of-group") == {api.group}
    assert await ledgers("eve") == set()


async def test_other_methods_and_paths_are_refused(api: ApiStage) -> None:
    wrong = await api.call("PUT", f"/ledgers/{api.home}/expenses")
    assert (wrong.status, wrong.headers["Allow"]) == (405, "GET, POST")
    for path in ("", "/nonsense", "/ledgers/%00", "/ledgers/..%2f..", "/ledgers/" + "x" * 65):
        answer = await api.call("GET", path)
        assert answer.status == 404, path
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_another_members_entry_is_the_admins_and_its_payers(api: ApiStage) -> None:
    path = f"/ledgers/{api.group}/expenses"
    made = (await api.call("POST", path, json={"amount": "4.50"})).json
    refused = await api.call("PATCH", f"{path}/{made['id']}", as_="bo", json={"note": "x"})
    assert refused.status == 403
    assert refused.json["type"] == "urn:kvitto:problem:not_your_entry"

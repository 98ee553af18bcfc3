"""Who is let in, and who no longer is, over HTTP on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ports.access import LoginSession
from ports.repositories import Repositories
from services.access.init_data import build_keys, check_init_data
from services.access.secret_ids import digest_of
from services.merging import Merging
from services.restating import Restating
from tests.init_data import TOKEN, init_data
from tests.web.login.conftest import ANN, BO, GROUP, Visit, data_of
from web.failures import FAILURES_MAX

HOUR = timedelta(hours=1)
UNKNOWN = "0123456789abcdef01234567"


async def test_a01_strangers_get_401_before_any_path_body_or_id(visit: Visit) -> None:
    key = await visit.enter(ANN)
    secret = await visit.make_token(key, ANN)
    paths = ("/api/", "/api/v1/nothing", f"/api/v1/ledgers/{key}/probe", "/api/v1/ledgers/x/probe")
    proofs = {
        "": "login_missing",
        "Basic YTpi": "login_scheme",
        "Bearer": "token_invalid",
        "Bearer kvitto_x": "token_invalid",
        f"Bearer {secret[:-1]}": "token_invalid",
        f"Bearer {secret.removeprefix('kvitto_')}": "token_invalid",
        f"tma {secret}": "login_invalid",
        f"tma {init_data(token='1:OTHER')}": "login_invalid",
        "Bearer é": "token_invalid",
    }
    for number, (proof, code) in enumerate(proofs.items()):
        for path in paths:
            method = "POST" if number % 2 else "GET"
            headers = {"Authorization": proof} if proof else {}
            status, problem = await visit.send(path, method, headers)
            if status == 429:
                continue
            assert (status, problem["code"]) == (401, code), (proof, path)
            assert secret not in str(problem)


async def test_a01_the_tenant_matrix_of_ledgers(visit: Visit) -> None:
    mine, other, flat = await visit.enter(ANN), await visit.enter(BO), await visit.enter(ANN, GROUP)
    admin = replace(BO, is_admin=True)
    foreign = await visit.enter(admin, GROUP - 1)
    for proof in (f"tma {data_of(ANN)}", "cookie"):
        headers = {} if proof == "cookie" else {"Authorization": proof}
        if proof == "cookie":
            assert await visit.sign_in(data_of(ANN)) == 201
        for key, status in (
            (mine, 200),
            (flat, 200),
            (other, 404),
            (foreign, 404),
            (UNKNOWN, 404),
            ("x", 404),
            ("%00", 404),
            ("1", 404),
            (mine.upper(), 404),
        ):
            found = await visit.send(f"/api/v1/ledgers/{key}/probe", "GET", headers)
            assert found[0] == status, key
            if status == 404:
                assert found[1] == {
                    "type": "urn:kvitto:problem:not_yours",
                    "title": "Not Found",
                    "status": 404,
                    "code": "not_yours",
                    "detail": "There is no such thing for this login.",
                }
        assert (await visit.send("/api/v1/mine", "GET", headers))[1] == [mine, flat]


async def test_a01_a_token_opens_one_ledger_within_its_scopes(visit: Visit) -> None:
    mine, flat = await visit.enter(ANN), await visit.enter(ANN, GROUP)
    tokens = {
        name: await visit.make_token(mine, ANN, name) for name in ("read", "write", "capture")
    }
    statuses = {}
    for name, secret in tokens.items():
        headers = {"Authorization": f"Bearer {secret}"}
        statuses[name] = [
            (await visit.send(f"/api/v1/ledgers/{key}/probe", method, headers))[0]
            for key, method in ((mine, "GET"), (mine, "POST"), (flat, "GET"), (UNKNOWN, "GET"))
        ]
        assert (await visit.send("/api/v1/mine", "GET", headers))[1] == [mine]
    assert statuses == {
        "read": [200, 403, 404, 404],
        "write": [200, 200, 404, 404],
        "capture": [403, 403, 404, 404],
    }


async def test_a04_leaving_ends_access_at_the_next_request(visit: Visit) -> None:
    admin = replace(ANN, is_admin=True)
    flat = await visit.enter(admin, GROUP)
    await visit.enter(BO, GROUP)
    secret = await visit.make_token(flat, ANN)
    path = f"/api/v1/ledgers/{flat}/probe"
    proofs = {"bo": f"tma {data_of(BO)}", "ann": f"tma {data_of(ANN)}", "token": f"Bearer {secret}"}

    async def statuses() -> list[int]:
        return [(await visit.ask(path, Authorization=proof))[0] for proof in proofs.values()]

    async def change(work: Callable[[Repositories], Any]) -> None:
        async with visit.database.units.open(now=visit.now) as unit:
            await unit.run(work)

    def forget(books: Repositories) -> None:
        presence = books.chats.find(GROUP - 7)
        assert presence
        books.chats.forget(presence.chat.ledger.id)

    assert await statuses() == [200, 200, 200]
    await change(lambda books: books.chats.leave(GROUP, BO.user_id, visit.now))
    assert await statuses() == [404, 200, 200]
    merging = Merging(Restating())
    await change(lambda books: merging.migrate(books, GROUP, GROUP - 7, visit.now))
    assert await statuses() == [404, 200, 200], "a supergroup keeps its ledger's ids and tokens"
    await change(lambda books: books.chats.leave(GROUP - 7, ANN.user_id, visit.now))
    assert await statuses() == [404, 404, 404], "a token ends with its maker"
    await visit.enter(ANN, GROUP - 7)
    await visit.enter(BO, GROUP - 7)
    assert await statuses() == [200, 200, 200]
    await change(lambda books: books.chats.mute(GROUP - 7, muted=True))
    assert await statuses() == [404, 404, 404], "the bot was removed"
    await change(lambda books: books.chats.mute(GROUP - 7, muted=False))
    assert await statuses() == [200, 200, 200]
    await change(forget)
    assert await statuses() == [404, 404, 401], "/forget takes the tokens along"


async def test_a04_telegram_is_asked_for_a_person_while_they_ask(visit: Visit) -> None:
    await visit.enter(ANN)
    flat = await visit.enter(replace(ANN, is_admin=True), GROUP)
    token = f"Bearer {await visit.make_token(flat, ANN)}"

    async def asked(proof: str) -> list[dict[str, Any]]:
        assert (await visit.ask("/api/v1/mine", Authorization=proof))[0] == 200
        jobs = await visit.database.jobs.claim(
            now=visit.tell_time(), room=lambda _: 9, lease_seconds=60
        )
        for job in jobs:
            await visit.database.jobs.done(job, event=None, now=visit.tell_time())
        return [job.values for job in jobs]

    assert await asked(f"tma {data_of(ANN)}") == [{"chat_id": GROUP, "user_id": ANN.user_id}]
    assert await asked(token) == [], "asked a moment ago"
    visit.later += timedelta(minutes=4)
    assert await asked(token) == [{"chat_id": GROUP, "user_id": ANN.user_id}]
    assert await asked(f"tma {data_of(ANN)}") == []


async def test_a06_sessions_end_when_idle_and_at_their_bound(visit: Visit) -> None:
    await visit.enter(ANN)
    assert await visit.sign_in(data_of(ANN)) == 201
    for _ in range(11):
        visit.later += HOUR
        visit.later -= timedelta(minutes=1)
        assert (await visit.ask("/api/v1/mine"))[0] == 200, "used within the hour"
    visit.later = timedelta(hours=12)
    status, problem = await visit.ask("/api/v1/mine")
    assert (status, problem["code"]) == (401, "login_expired"), "twelve hours at most"
    assert await visit.sign_in(data_of(ANN)) == 201, "data of less than a day opens another"
    visit.later += HOUR
    assert (await visit.ask("/api/v1/mine"))[1]["code"] == "login_expired", "an idle hour"
    visit.later = timedelta(hours=24)
    assert await visit.sign_in(data_of(ANN)) == 401


async def test_a06_data_in_a_header_opens_a_session_that_ends_when_idle(visit: Visit) -> None:
    await visit.enter(ANN)
    visit.later = timedelta(hours=23) - timedelta(minutes=1)
    proof = f"tma {data_of(ANN)}"
    assert (await visit.ask("/api/v1/mine", Authorization=proof))[0] == 200
    visit.later += timedelta(minutes=59)
    assert (await visit.ask("/api/v1/mine", Authorization=proof))[0] == 200
    visit.later += timedelta(minutes=2)
    status, problem = await visit.ask("/api/v1/mine", Authorization=proof)
    assert (status, problem["code"]) == (401, "login_expired")
    fresh = init_data({"id": 7}, visit.now)
    visit.later = timedelta(minutes=1)
    assert (await visit.ask("/api/v1/mine", Authorization=f"tma {fresh}"))[0] == 200
    visit.later += HOUR
    assert (await visit.ask("/api/v1/mine", Authorization=f"tma {fresh}"))[0] == 401


async def test_a06_signing_out_ends_the_data_that_signed_in(visit: Visit) -> None:
    await visit.enter(ANN)
    raw = data_of(ANN)
    assert await visit.sign_in(raw) == 201
    cookie = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in visit.http.cookie_jar)}
    assert (await visit.ask("/api/v1/mine", Authorization=f"tma {raw}"))[0] == 200
    assert (await visit.ask("/app/session", "DELETE"))[0] == 403, "not from the page"
    assert (await visit.send("/app/session", "DELETE", visit.page))[0] == 204
    assert not list(visit.http.cookie_jar)
    respelled = raw.replace("query_id", "%71uery_id")
    for headers in (cookie, {"Authorization": f"tma {raw}"}, {"Authorization": f"tma {respelled}"}):
        status, problem = await visit.send("/api/v1/mine", "GET", headers)
        assert (status, problem["code"]) == (401, "login_signed_out")
    assert await visit.sign_in(raw) == 401

    # A login that was under way while it was signed out, as a thief's may be.
    def add(rows: Repositories) -> None:
        proof = check_init_data(raw, build_keys(TOKEN), visit.now).proof
        digest, ends_at = digest_of("session", "A" * 43), visit.now + HOUR
        rows.access.add_session(LoginSession(digest, 7, proof, visit.now, visit.now, ends_at))

    async with visit.database.units.open(now=visit.now) as unit:
        await unit.run(add)
    status, problem = await visit.send("/api/v1/mine", "GET", {"Cookie": f"kvitto={'A' * 43}"})
    assert (status, problem["code"]) == (401, "login_signed_out")
    assert await visit.sign_in(data_of(ANN, chat_type="private")) == 201, "opened again"


async def test_a07_another_sites_page_changes_nothing_by_cookie(visit: Visit) -> None:
    key = await visit.enter(ANN)
    assert await visit.sign_in(data_of(ANN)) == 201
    path = f"/api/v1/ledgers/{key}/probe"
    own = visit.page
    assert (await visit.send(path, "POST", own))[0] == 200
    for wrong in (
        {},
        {"Origin": own["Origin"]},
        {**own, "Origin": "https://evil.example"},
        {**own, "Origin": "null"},
        {**own, "Origin": f"{own['Origin']}.evil.example"},
        {**own, "Origin": own["Origin"].replace("http:", "https:")},
        {name: value for name, value in own.items() if name != "Origin"},
    ):
        status, problem = await visit.send(path, "POST", wrong)
        assert (status, problem["code"]) == (403, "cross_site"), wrong
    preflight = {**own, "Access-Control-Request-Method": "POST", "Origin": "https://evil.example"}
    async with visit.http.options(visit.url + path, headers=preflight) as answer:
        assert not [name for name in answer.headers if name.startswith("Access-Control")]


async def test_a07_a_session_is_new_with_each_login_and_never_the_given_one(visit: Visit) -> None:
    await visit.enter(ANN)
    planted = {"Cookie": f"kvitto={'A' * 43}", "Authorization": f"tma {data_of(ANN)}"}
    async with visit.http.post(f"{visit.url}/app/session", headers=planted) as answer:
        first = answer.cookies["kvitto"]
        assert first.value != "A" * 43
        header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert (await visit.send("/api/v1/mine", "GET", {"Cookie": f"kvitto={'A' * 43}"}))[0] == 401
    older = {"Cookie": f"kvitto={first.value}"}
    again = {**older, "Authorization": f"tma {data_of(ANN)}"}
    assert (await visit.send("/app/session", "POST", again))[0] == 201
    assert (await visit.send("/api/v1/mine", "GET", older))[0] == 401, "the older one ended"
    visit.site.public_url = "https://kvitto.example"
    headers = {"Authorization": f"tma {data_of(ANN)}"}
    async with visit.http.post(f"{visit.url}/app/session", headers=headers) as answer:
        header = answer.headers["Set-Cookie"]
    assert header.startswith("__Host-kvitto=")
    for part in ("Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"):
        assert part in header.split("; ")


async def test_a10_guesses_are_answered_by_429_and_lock_nobody_out(
    visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    key = await visit.enter(ANN)
    right = f"Bearer {await visit.make_token(key, ANN)}"
    statuses = []
    for number in range(FAILURES_MAX + 5):
        wrong = f"Bearer kvitto_{number:043}"
        statuses.append((await visit.ask("/api/v1/mine", Authorization=wrong))[0])
    assert statuses == [401] * FAILURES_MAX + [429] * 5
    lines = [one for one in caplog.records if one.name == "web.login"]
    assert len(lines) == FAILURES_MAX, "a flood of guesses is no flood of lines"
    assert (await visit.ask("/api/v1/mine"))[0] == 401, "without a proof it is no guess"
    assert (await visit.ask("/api/v1/mine", Authorization=right))[0] == 200
    elsewhere = {"Authorization": "Bearer x", "X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert (await visit.send("/api/v1/mine", "GET", elsewhere))[0] == 401


async def test_people_who_are_not_invited_are_strangers_and_leave_no_row(visit: Visit) -> None:
    key = await visit.enter(ANN)
    secret = await visit.make_token(key, ANN)
    assert await visit.sign_in(data_of(ANN)) == 201
    assert visit.site.backend is not None
    visit.site.backend = replace(visit.site.backend, allowed_users=frozenset({8}))
    for headers in (
        {},
        {"Authorization": f"tma {data_of(ANN)}"},
        {"Authorization": f"Bearer {secret}"},
    ):
        status, problem = await visit.send("/api/v1/mine", "GET", headers)
        assert (status, problem["code"]) == (401, "login_not_invited")
    assert await visit.sign_in(data_of(ANN)) == 401


async def test_until_everything_is_open_the_site_asks_to_come_again(visit: Visit) -> None:
    visit.site.backend = None
    async with visit.http.get(f"{visit.url}/api/v1/mine") as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert (await answer.json())["code"] == "not_open"

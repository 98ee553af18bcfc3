"""A call that comes again does nothing again, whatever was in the way (D10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from ports.repositories import Repositories
from services.replaying import CallKey, claim_call
from services.scope import Scope
from storage import open_database
from tests.bot.parts import until
from tests.services.setup import ANN
from tests.web.api.stage import HOME, ApiStage, open_stage

KEY = {"Idempotency-Key": "order-1"}
COFFEE = {"amount": "4.50", "note": "coffee"}


async def test_fifty_calls_of_one_key_are_one_row_and_one_answer(anywhere: ApiStage) -> None:
    api = anywhere
    path = f"/ledgers/{api.home}/expenses"
    answers = await asyncio.gather(
        *(api.call("POST", path, json=COFFEE, headers=KEY) for _ in range(50))
    )
    assert {answer.status for answer in answers} == {201}
    assert (
        len(
            {
                (answer.body, answer.headers["ETag"], answer.headers["Location"])
                for answer in answers
            }
        )
        == 1
    )
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 49
    page = (await api.call("GET", path)).json
    assert len(page["items"]) == 1
    assert len(await api.told()) == 1

    other = await api.call("POST", path, json=COFFEE | {"amount": "5"}, headers=KEY)
    assert (other.status, other.json["code"]) == (422, "key_reused")
    # The same fields in another order and spelling are the same call.
    body = b' {"note" : "coffee", "amount":"4.50"}'
    headers = KEY | {"Content-Type": "application/json"}
    assert (await api.call("POST", path, data=body, headers=headers)).body == answers[0].body
    # Of another person, of another ledger, and after a day, the key is another one.
    group = f"/ledgers/{api.group}/expenses"
    for who in ("ann", "bo"):
        assert (await api.call("POST", group, as_=who, json=COFFEE, headers=KEY)).status == 201
    api.now += timedelta(hours=25)
    await api.log_in()
    anew = await api.call("POST", path, json=COFFEE | {"amount": "5"}, headers=KEY)
    assert (anew.status, anew.json["amount"]) == (201, "5.00")


async def test_an_answer_outlives_a_restart(sqlite_url: str, tmp_path: Path) -> None:
    bodies = []
    for _ in range(2):
        async with open_database(sqlite_url) as database, open_stage(database, tmp_path) as api:
            path = f"/ledgers/{api.home}/expenses"
            bodies.append((await api.call("POST", path, json=COFFEE, headers=KEY)).body)
    assert bodies[0] == bodies[1]


async def test_a_refused_call_leaves_its_key_free(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/expenses"
    refused = await api.call("POST", path, json=COFFEE | {"category": "x y"}, headers=KEY)
    assert refused.status == 422
    assert (await api.call("POST", path, json=COFFEE, headers=KEY)).status == 201
    for key in ("", "k" * 256, "ü"):
        answer = await api.call("POST", path, json=COFFEE, headers={"Idempotency-Key": key})
        assert answer.status == 422


async def test_a_call_whose_first_one_is_in_work_is_409_and_later_gets_its_answer(
    api: ApiStage,
) -> None:
    path, go = f"/ledgers/{api.home}/receipts", asyncio.Event()
    keys = api.site.keys
    keys.wait_seconds = 0.1

    async def slowly() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        await go.wait()
        yield b"picture"

    first = asyncio.create_task(api.call("POST", path, data=slowly(), headers=KEY))
    await until(lambda: bool(keys._calls._clients))
    again = b"\xff\xd8\xffpicture"
    refused = await api.call("POST", path, data=again, headers=KEY)
    assert (refused.status, refused.json["code"]) == (409, "key_in_work")
    assert refused.headers["Retry-After"]
    other = f"/ledgers/{api.group}/receipts"
    assert (await api.call("POST", other, data=again, headers=KEY)).status == 202, "another ledger"
    go.set()
    answer = await first
    assert answer.status == 202
    repeated = await api.call("POST", path, data=again, headers=KEY)
    assert (repeated.status, repeated.body) == (202, answer.body)
    assert "Idempotency-Replayed" in repeated.headers


@pytest.mark.external
@pytest.mark.parametrize("database_url", ["postgres_url"], indirect=True)
async def test_a_key_that_another_process_works_on_is_409(
    anywhere: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, path = anywhere, f"/ledgers/{anywhere.home}/expenses"
    monkeypatch.setattr("storage.database.repositories.programs.replays.WAIT_SECONDS", 0.2)

    def claim(rows: Repositories) -> object:
        found = rows.chats.find(HOME)
        assert found is not None
        scope = Scope(rows, found.chat.ledger, ANN.user_id, api.now)
        return claim_call(scope, CallKey(KEY["Idempotency-Key"], "of another process"))

    with suppress(InterruptedError):
        async with api.database.units.open(now=api.now) as unit:
            assert await unit.run(claim) is None
            refused = await api.call("POST", path, json=COFFEE, headers=KEY)
            assert (refused.status, refused.json["code"]) == (409, "key_in_work")
            # The other process is killed.
            raise InterruptedError
    assert (await api.call("POST", path, json=COFFEE, headers=KEY)).status == 201

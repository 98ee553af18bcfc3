"""A call that comes again does nothing again, whatever was in the way (D10)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from storage import open_database
from tests.web.api.stage import ApiStage, open_stage

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

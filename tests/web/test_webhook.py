"""POST /telegram: who is let in, and what every body comes to."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import orjson
import pytest

from ledger.errors import UnavailableError
from tests.web.conftest import SECRET, Http
from web.webhook import BODY_BYTES_MAX, SECRET_HEADER

UPDATE = {"update_id": 5, "message": {"message_id": 1, "chat": {"id": 7}, "text": "coffee 4.50"}}


async def post(http: Http, body: bytes | io.BytesIO, secret: str | None = SECRET) -> int:
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    async with http.session.post(f"{http.url}/telegram", data=body, headers=headers) as answer:
        await answer.read()
        return answer.status


async def test_an_update_is_stored_before_the_answer(http: Http) -> None:
    assert await post(http, orjson.dumps(UPDATE)) == 200
    assert http.stored == [UPDATE]


@pytest.mark.parametrize(
    "secret",
    [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.lower(), "s\u00e9cret", " " * 300],
)
async def test_nobody_else_is_let_in(http: Http, secret: str | None) -> None:
    assert await post(http, orjson.dumps(UPDATE), secret) == 401
    assert http.stored == []


async def test_later_is_a_503_with_a_time_and_no_loss(http: Http) -> None:
    http.error = UnavailableError("queue_full")
    headers = {SECRET_HEADER: SECRET}
    body = orjson.dumps(UPDATE)
    async with http.session.post(f"{http.url}/telegram", data=body, headers=headers) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_mistake_of_ours_is_a_500_without_its_words(http: Http) -> None:
    http.error = ValueError("coffee 4.50")
    headers = {SECRET_HEADER: SECRET}
    body = orjson.dumps(UPDATE)
    async with http.session.post(f"{http.url}/telegram", data=body, headers=headers) as answer:
        text = await answer.text()
        assert (answer.status, answer.content_type) == (500, "application/problem+json")
    assert "coffee" not in text


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_body_that_is_not_what_its_encoding_says_is_a_400(
    http: Http, encoding: str
) -> None:
    headers = {SECRET_HEADER: SECRET, "Content-Encoding": encoding}
    async with http.session.post(
        f"{http.url}/telegram", data=b'{"update_id": 1}', headers=headers, skip_auto_headers=()
    ) as answer:
        assert answer.status == 400
    assert http.stored == []


def bodies() -> Iterator[tuple[str, bytes]]:
    """Bodies that are no updates."""
    yield "nothing", b""
    yield "no JSON", b"update_id=5"
    yield "cut", orjson.dumps(UPDATE)[:-5]
    yield "levels", b'{"update_id":5,"message":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
    yield "NaN", b'{"update_id":NaN}'
    yield "a list", b"[1,2]"
    yield "a number", b"5"
    yield "no id", b'{"message":{}}'
    yield "no UTF-8", b'{"update_id":5,"x":"\xff\xfe"}'


@pytest.mark.parametrize("body", [b for _, b in bodies()], ids=[name for name, _ in bodies()])
async def test_what_is_no_update_is_refused_once_and_for_all(http: Http, body: bytes) -> None:
    assert await post(http, body) == 400
    assert http.stored == []


async def test_a_body_beyond_the_limit_is_not_read(http: Http) -> None:
    assert await post(http, io.BytesIO(b" " * (BODY_BYTES_MAX + 1))) == 413


async def test_mutated_bodies_never_bring_a_5xx(http: Http) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    rng = random.Random(seed)
    good = orjson.dumps(UPDATE)
    for _ in range(300):
        body = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        assert await post(http, bytes(body)) in {200, 400}


async def test_other_methods_are_not_allowed(http: Http) -> None:
    async with http.session.get(f"{http.url}/telegram") as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"

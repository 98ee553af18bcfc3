"""Requests that no client makes, over a plain socket: nothing passes the guard, nothing breaks."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.web.login.conftest import ANN, Visit, data_of

PATHS = (
    "/api/v1/mine",
    "//api/v1/mine",
    "/./api/v1/mine",
    "/x/../api/v1/mine",
    "/app/../api/v1/mine",
    "/%61pi/v1/mine",
    "/api%2fv1%2fmine",
    "/api/v1/%6dine",
    "/api/v1/mine/",
    "/api/v1/mine?x=/app",
    "/api/v1/mine;x=1",
    "/API/v1/mine",
    "/api/v1/openapi.json/../mine",
    "/api/v1/openapi.json%2f..%2fmine",
    "http://evil.example/api/v1/mine",
    "/api/v1\\mine",
    "/api/v1/mine%00",
    "/api/v1/mine%0d%0aX: y",
)
HEADERS = (
    "Authorization: Bearer a\r\nAuthorization: Bearer b",
    "Authorization: bearer\tkvitto_x",
    "Authorization: \xff\xfe",
    "Authorization: tma " + "a=b&" * 1900,
    "Authorization: tma hash=%ff",
    "Cookie: kvitto=; kvitto=x",
    'Cookie: kvitto="\\"',
    "Cookie: " + "a=b; " * 1500,
    "Cookie: kvitto=" + "é" * 43,
    "X-Forwarded-For: ',;\r\nX-Forwarded-For: ::ffff:1.2.3.4",
    "X-Forwarded-For: " + "1," * 3000,
    "X-Http-Method-Override: GET",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: -1",
)


async def exchange(visit: Visit, request: str) -> bytes:
    """Send bytes; return the first line of the answer."""
    address = urlsplit(visit.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(request.encode("latin-1"))
        async with asyncio.timeout(60):
            return (await reader.read(65536)).split(b"\r\n", 1)[0]
    finally:
        writer.close()


@pytest.mark.parametrize("database_url", ["sqlite_url"], indirect=True)
async def test_a01_no_spelling_of_a_path_passes_the_guard(visit: Visit) -> None:
    key = await visit.enter(ANN)
    for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE", "PROPFIND"):
        for path in PATHS:
            line = await exchange(visit, f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.split()[1] in {b"400", b"401", b"404", b"405"}, (method, path, line)
    for headers in HEADERS:
        request = f"POST /api/v1/ledgers/{key}/probe HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n"
        line = await exchange(visit, request)
        assert line.split()[1] in {b"400", b"401", b"429", b"431"}, (headers, line)
    assert await visit.sign_in(data_of(ANN)) == 201, "it goes on"


@pytest.mark.parametrize("database_url", ["sqlite_url"], indirect=True)
async def test_a06_one_login_at_a_time_or_many_at_once_open_one_header_session(
    visit: Visit,
) -> None:
    await visit.enter(ANN)
    proof = f"tma {data_of(ANN)}"
    asked = [visit.ask("/api/v1/mine", Authorization=proof) for _ in range(20)]
    assert {status for status, _ in await asyncio.gather(*asked)} == {200}
    links = [visit.sign_in(data_of(ANN)) for _ in range(10)]
    assert set(await asyncio.gather(*links)) == {201}

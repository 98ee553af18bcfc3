"""Which paths answer, and what every answer carries."""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import urlsplit

import orjson
import pytest

from tests.web.conftest import Http
from web import health
from web.app import add_ops_paths, build_ops_app, build_public_app, open_server
from web.connections import Connections
from web.health import Health
from web.protocol import SECURITY_HEADERS


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 200),
        ("/", 404),
        ("/debug", 404),
        ("/telegram/", 404),
        ("/healthz/../etc/passwd", 404),
        ("/docs", 404),
    ],
)
async def test_only_the_listed_paths_answer_and_all_carry_the_headers(
    http: Http, path: str, status: int
) -> None:
    async with http.session.get(http.url + path) as answer:
        assert answer.status == status
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
        assert answer.headers["Server"] == "kvitto"
        if status == 404:
            assert answer.content_type == "application/problem+json"
            assert (await answer.json())["status"] == 404


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nSecret Token: kvitto_x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}", 404),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ],
)
async def test_what_is_no_http_is_answered_alike_and_logged_nowhere(
    http: Http, caplog: pytest.LogCaptureFixture, request_bytes: bytes, status: int
) -> None:
    address = urlsplit(http.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request_bytes)
    async with asyncio.timeout(60):
        answer = await reader.read()
    writer.close()
    assert answer.split()[1] == str(status).encode()
    head, _, body = answer.partition(b"\r\n\r\n")
    for name, value in SECURITY_HEADERS.items():
        assert f"{name}: {value}".encode() in head
    assert b"Server: kvitto" in head
    assert orjson.loads(body)["detail"]
    assert caplog.text == ""


async def test_operators_have_an_address_of_their_own(http: Http) -> None:
    health = Health(http.find_troubles, http.render)
    statuses = {}
    for app in (build_public_app(health), build_ops_app(health)):
        async with open_server(app, "127.0.0.1", 0) as port:
            for path in ("/healthz", "/readyz", "/metrics", "/telegram"):
                async with http.session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    statuses[app, path] = answer.status
    assert list(statuses.values()) == [200, 404, 404, 404, 200, 200, 200, 404]


async def test_what_a_proxy_hands_on_does_not_reach_the_operators_paths(http: Http) -> None:
    health = Health(http.find_troubles, http.render)
    app = build_public_app(health)
    add_ops_paths(app, health, has_proxy=True)
    handed_on = [
        {"Host": "kvitto.example.org"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Host": "localhost", "Via": "1.1 proxy"},
        {"Host": ""},
    ]
    direct: list[dict[str, str]] = [{}, {"Host": "localhost:8080"}, {"Host": "[::1]:8080"}]
    async with open_server(app, "127.0.0.1", 0) as port:
        for path in ("/readyz", "/metrics"):
            for headers in (*handed_on, *direct):
                url = f"http://127.0.0.1:{port}{path}"
                async with http.session.get(url, headers=headers) as answer:
                    assert answer.status == (404 if headers in handed_on else 200), headers
        url = f"http://127.0.0.1:{port}/healthz"
        async with http.session.get(url, headers=handed_on[0]) as answer:
            assert answer.status == 200


async def test_a_connection_serves_many_requests_with_pauses(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.app.Connections", partial(Connections, header_seconds=0.2))
    app = build_public_app(Health(http.find_troubles, http.render))
    async with open_server(app, "127.0.0.1", 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.3)
        writer.close()


async def test_ready_tells_what_is_in_the_way(http: Http) -> None:
    http.troubles = {"database": None, "telegram": "another process polls with the same token"}
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "ready": False,
            "database": "ok",
            "telegram": "another process polls with the same token",
        }


async def test_probes_do_not_reach_the_database_more_than_once_a_second(
    http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.CACHE_SECONDS == 1
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 200
    monkeypatch.setattr(health, "CACHE_SECONDS", 60)
    http.troubles = {"database": "away"}
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 200
    monkeypatch.setattr(health, "CACHE_SECONDS", 0)
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 503


async def test_metrics_are_prometheus_text(http: Http) -> None:
    async with http.session.get(f"{http.url}/metrics") as answer:
        assert answer.content_type == "text/plain"
        assert "kvitto_polls" in await answer.text()

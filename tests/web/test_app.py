"""Which paths answer, and what every answer carries."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.conftest import Http
from web.app import SECURITY_HEADERS


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


async def test_ready_tells_what_is_in_the_way(http: Http) -> None:
    http.troubles = {"database": None, "telegram": "another process polls with the same token"}
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {
            "ready": False,
            "database": "ok",
            "telegram": "another process polls with the same token",
        }


async def test_probes_do_not_reach_the_database_more_than_once_a_second(http: Http) -> None:
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 200
    http.troubles = {"database": "away"}
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 200
    await asyncio.sleep(1.05)
    async with http.session.get(f"{http.url}/readyz") as answer:
        assert answer.status == 503


async def test_metrics_are_prometheus_text(http: Http) -> None:
    async with http.session.get(f"{http.url}/metrics") as answer:
        assert answer.content_type == "text/plain"
        assert "kvitto_polls" in await answer.text()

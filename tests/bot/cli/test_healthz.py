"""`kvitto healthz` against the real health server, ready and not."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from bot.cli.healthz import healthz
from bot.ops.errors import explain_error
from ledger.errors import SettingsError
from web.app import add_ops_paths, build_ops_app, build_public_app, open_server
from web.health import Health


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_HOST", "HTTP_PORT", "OPS_HOST", "OPS_PORT"):
        monkeypatch.delenv(name, raising=False)


def build_health(trouble: str | None) -> Health:
    async def find() -> dict[str, str | None]:
        return {"telegram": trouble}

    async def render() -> bytes:
        return b""

    return Health(find, render)


@pytest.mark.parametrize(
    ("trouble", "live", "code", "words"),
    [
        (None, False, 0, '"ready":true'),
        ("no answer", False, 1, '"telegram":"no answer"'),
        # Restarting a container would not bring Telegram back.
        ("no answer", True, 0, "ok"),
    ],
)
async def test_the_code_follows_the_answer(  # the table's columns
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: str | None,
    live: bool,  # noqa: FBT001  # a column of the table
    code: int,
    words: str,
) -> None:
    async with open_server(build_ops_app(build_health(trouble)), "127.0.0.1", 0) as port:
        monkeypatch.setenv("OPS_HOST", "0.0.0.0")  # noqa: S104  # as a container sets it
        monkeypatch.setenv("OPS_PORT", str(port))
        # A proxy of the environment must not be asked for an address of this machine.
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert await asyncio.to_thread(healthz, live=live) == code
    assert words in capsys.readouterr().out


async def test_the_public_address_is_asked_when_both_are_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    health = build_health(None)
    app = build_public_app(health)
    add_ops_paths(app, health)
    async with open_server(app, "127.0.0.1", 0) as port:
        monkeypatch.setenv("HTTP_PORT", str(port))
        assert await asyncio.to_thread(healthz, live=False) == 0


def test_no_process_is_no_health(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPS_PORT", str(taken.getsockname()[1]))
        assert healthz(live=False) == 1
    assert "nothing answers at 127.0.0.1" in capsys.readouterr().out


def test_a_process_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_PORT", "0")
    with pytest.raises(SettingsError) as caught:
        healthz(live=False)
    assert explain_error(caught.value).startswith("OPS_PORT is wrong: set it to a port")

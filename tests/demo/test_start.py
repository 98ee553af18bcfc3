"""`kvitto demo` as a newcomer starts it: a real process, its lines and its end."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.cli import scripts
from bot.cli.demo import STARTING, STOPPED

ROOT = Path(__file__).resolve().parents[2]
KVITTO = Path(sys.executable).with_name("kvitto")
START_SECONDS = 60


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        str(KVITTO), "demo", *arguments, cwd=folder, stdout=pipe, stderr=pipe
    )


@pytest.fixture
async def started(tmp_path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await start(tmp_path, "--port", "0")
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


async def test_it_says_that_it_starts_then_where_the_page_is_then_that_it_ends(
    started: asyncio.subprocess.Process,
) -> None:
    lines = started.stdout
    assert lines is not None
    async with asyncio.timeout(START_SECONDS):
        assert (await lines.readline()).decode().strip() == STARTING
        printed = (await lines.readuntil(b"Ctrl+C.\n")).decode()
        address = re.search(r"ready: (http://127\.0\.0\.1:\d+)\n", printed)
        assert address
        assert "coffee 4.50" in printed
        async with aiohttp.ClientSession() as http, http.get(address[1]) as page:
            assert page.status == 200
        started.send_signal(signal.SIGINT)
        rest = (await lines.read()).decode()
    assert rest.strip().endswith(STOPPED)
    assert await started.wait() == 0


def test_every_stage_of_the_installation_is_announced_before_it_begins() -> None:
    planned = subprocess.run(
        ["make", "--dry-run", "demo", "VENV=.fresh"],  # noqa: S607 - whichever make is installed
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    places = [
        planned.index(text)
        for text in (
            *("[1/3]", "-m venv", "[2/3]", "pip install"),
            *("[3/3]", "uv pip install", "kvitto demo"),
        )
    ]
    assert places == sorted(places)


async def test_a_taken_port_is_answered_with_a_command_that_works(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start(tmp_path, "--port", str(port))
        async with asyncio.timeout(START_SECONDS):
            _, printed = await process.communicate()

    named = re.search(r"(\S+) demo --port 8091", printed.decode())
    assert named, printed
    assert str(port) in printed.decode()
    assert process.returncode == 1
    # `kvitto` is on the path here only when the environment was activated.
    assert named[1] == "kvitto" or (tmp_path / named[1]).exists()


def test_missing_scripts_are_named_with_the_command_that_adds_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scripts, "find_spec", lambda _: None)
    missing = scripts.describe_missing_scripts()
    assert missing
    assert "Cyrillic" in missing
    assert missing.endswith(f"{sys.executable} -m pip install tesserocr")
    assert "\n" not in missing

    monkeypatch.setattr(scripts, "find_spec", lambda _: object())
    assert scripts.describe_missing_scripts() is None

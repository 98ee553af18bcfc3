"""The command line from outside: exit codes, named failures, no traceback, no value of a secret."""

from __future__ import annotations

import asyncio
import io
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.export import hand_out
from ports.failpoints import FAILPOINTS
from storage import open_database
from tests.storage.samples import NOW, open_chat, update

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
_KEPT = ("PATH", "HOME", "LANG")
SECONDS_MAX = 5.0
"""How soon a start that cannot succeed must end (promises.md, U08), in seconds of CPU, since the machine is
shared; the test also bounds the time that such a start may wait."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def kvitto(*arguments: str, folder: Path, **settings: str) -> Ended:
    """Run a command in this process, in a folder and with no other settings than these."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        patch.chdir(folder)
        for name in set(os.environ) - set(_KEPT):
            patch.delenv(name)
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())


def start_kvitto(*arguments: str, folder: Path, **settings: str) -> Ended:
    """Run a command in a process of its own, which a start of the bot changes or a command ends."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


@pytest.fixture
def migrated(tmp_path: Path, sqlite_template: Path) -> Path:
    """The migrated database of a program that is started in the folder of the test."""
    path = tmp_path / "data" / "kvitto.db"
    path.parent.mkdir(mode=0o700)
    shutil.copyfile(sqlite_template, path)
    return path


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": "canary"}, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "HTTP_PORT": "canary"}, "HTTP_PORT"),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "DATABASE_URL": "canary"}, "DATABASE_URL"),
        (
            {"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_WEBHOOK_URL": "https://canary.org/telegram"},
            "TELEGRAM_WEBHOOK_SECRET",
        ),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "RECEIPT_STORE": "s3://canary/x"}, "RECEIPT_STORE"),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "RECEIPT_STORE": "/proc/canary"}, "RECEIPT_STORE"),
        # The example file as it is copied.
        ({"TELEGRAM_BOT_TOKEN": "1:put-your-own-token-here"}, "TELEGRAM_BOT_TOKEN"),
        ({"KVITTO_FAILPOINT": "canary"}, "KVITTO_FAILPOINT"),
    ],
)
def test_a_start_that_cannot_succeed_names_the_setting_and_writes_nothing(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = start_kvitto("run", folder=tmp_path, **settings)
    assert ended.returncode == 1
    assert ended.stderr.startswith("kvitto: " + named), ended.stderr
    assert "canary" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime < SECONDS_MAX
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("run", "--role", "pilot"),
        ("run", "--role", ""),
        ("export",),
        ("export", "not-a-number"),
        ("export", "1", "--format", "docx"),
        ("read",),
        ("read", "minds"),
        ("demo", "--port", "99999999"),
        ("dead-letters", "resurrect"),
    ],
)
def test_wrong_usage_is_a_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended = kvitto(*arguments, folder=tmp_path)
    assert ended.returncode == 2
    assert "usage: kvitto" in ended.stderr


def test_the_fail_points_are_listed(tmp_path: Path) -> None:
    ended = start_kvitto("failpoints", folder=tmp_path)
    assert ended.returncode == 0
    listed = {line.split()[0] for line in ended.stdout.splitlines()}
    assert listed == set(FAILPOINTS)


def test_a_database_is_migrated_and_found_whole(tmp_path: Path) -> None:
    assert kvitto("migrate", folder=tmp_path).returncode == 0
    assert kvitto("migrate", folder=tmp_path).returncode == 0
    ended = kvitto("check", "--ledger", folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "ledger: ok\n")
    ended = kvitto("dead-letters", "list", folder=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_check_names_what_is_wrong_and_what_to_do(tmp_path: Path, migrated: Path) -> None:
    ended = kvitto("check", folder=tmp_path)
    assert ended.returncode == 1
    lines = dict(line.split(": ", 1) for line in ended.stdout.splitlines())
    assert lines["database"].startswith("ok")
    assert lines["receipt store"].startswith("ok")
    assert lines["scripts"] == "ok (all)"
    assert "@BotFather" in lines["telegram"]
    settings = {"TELEGRAM_BOT_TOKEN": "1:canary-a", "TELEGRAM_API_URL": "http://127.0.0.1:9"}
    ended = kvitto("check", "--json", folder=tmp_path, **settings)
    found = {row["what"]: row for row in json.loads(ended.stdout)}
    assert "TELEGRAM_API_URL" in found["telegram"]["trouble"]
    assert "canary" not in ended.stdout + ended.stderr


def test_check_ends_and_names_what_hangs(tmp_path: Path) -> None:
    """A server that accepts and never answers, in place of Telegram."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        ended = start_kvitto(
            "check", folder=tmp_path, TELEGRAM_BOT_TOKEN="1:a", TELEGRAM_API_URL=address
        )
    assert time.monotonic() - started < 60, "however busy the machine is"
    assert ended.returncode == 1
    assert "telegram: no answer" in ended.stdout


def test_check_warns_of_an_open_bot_and_a_readable_token(tmp_path: Path) -> None:
    secrets = tmp_path / ".env"
    secrets.write_text("DEFAULT_CURRENCY=EUR\n")
    secrets.chmod(0o644)
    said = kvitto("check", folder=tmp_path).stdout
    assert "access: ok (warning: everyone on Telegram may use this bot" in said
    assert "settings file: ok (warning: everyone on this machine can read .env" in said
    secrets.chmod(0o600)
    said = kvitto("check", folder=tmp_path, ALLOWED_USERS="5").stdout
    assert "access: ok (1 users)" in said
    assert "settings file: ok\n" in said


def test_a_damaged_file_is_called_that(tmp_path: Path, migrated: Path) -> None:
    file = migrated
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    file.write_bytes(content)
    for command in (["check"], ["migrate"], ["run"]):
        ended = kvitto(*command, folder=tmp_path, TELEGRAM_BOT_TOKEN="1:a", HTTP_PORT="0")
        assert ended.returncode == 1
        assert "the database file is damaged" in ended.stdout + ended.stderr
    file.write_bytes(b"no database at all" * 1000)
    assert "the database file is damaged" in kvitto("check", folder=tmp_path).stdout


def test_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "out.csv"
    source.write_text("new")
    target.write_text("old")
    target.chmod(0o666)
    hand_out([(source, "a.csv")], target)
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_check_before_the_first_run_finds_nothing_wrong_and_makes_no_database(
    tmp_path: Path,
) -> None:
    looked = kvitto("check", folder=tmp_path, TELEGRAM_BOT_TOKEN="")
    assert "database: ok (new" in looked.stdout
    assert kvitto("check", "--ledger", folder=tmp_path).returncode == 0
    assert not list(tmp_path.rglob("*.db*"))


def test_a_place_where_no_database_can_be_is_named(tmp_path: Path) -> None:
    settings = {"TELEGRAM_BOT_TOKEN": "1:a", "DATABASE_URL": "sqlite:////proc/nope/kvitto.db"}
    ended = start_kvitto("run", folder=tmp_path, **settings)
    assert ended.returncode == 1
    assert ended.stderr.startswith("kvitto: DATABASE_URL is wrong"), ended.stderr


def test_a_backup_is_not_written_over_a_folder(tmp_path: Path) -> None:
    ended = kvitto("backup", str(tmp_path), folder=tmp_path)
    assert (ended.returncode, "is a folder" in ended.stderr) == (1, True)


def test_a_ledger_that_is_not_there_is_not_exported(tmp_path: Path, migrated: Path) -> None:
    ended = kvitto("export", "4711", folder=tmp_path)
    assert ended.returncode == 1
    assert "no such chat" in ended.stderr


def _park(url: str, number: int) -> None:
    """Leave an update that failed for good, as the worker parks it."""

    async def park() -> None:
        async with open_database(url) as database:
            await database.inbox.add([update(number)], now=NOW)
            [*_, delivery] = await database.inbox.claim(now=NOW, partitions=1, lease_seconds=60)
            await database.inbox.failed(delivery, error="ValueError", retry_at=None, now=NOW)

    asyncio.run(park())


def test_dead_letters_without_a_name_are_all_of_them(tmp_path: Path, migrated: Path) -> None:
    url = f"sqlite:///{migrated}"
    _park(url, 1)
    _park(url, 2)
    assert len(kvitto("dead-letters", "list", folder=tmp_path).stdout.splitlines()) == 2
    retried = kvitto("dead-letters", "retry", folder=tmp_path)
    assert retried.returncode == 0
    assert retried.stdout.count("will be tried again") == 2
    assert kvitto("dead-letters", "list", folder=tmp_path).stdout == ""
    _park(url, 3)
    dropped = kvitto("dead-letters", "drop", folder=tmp_path)
    assert (dropped.returncode, dropped.stdout.count("dropped")) == (0, 1)
    assert kvitto("dead-letters", "list", folder=tmp_path).stdout == ""


def test_an_export_to_a_folder_that_is_not_there_says_so(tmp_path: Path, migrated: Path) -> None:

    async def begin() -> None:
        url = f"sqlite:///{migrated}"
        async with open_database(url) as database, database.units.open(now=NOW) as unit:
            await unit.run(lambda repositories: open_chat(repositories, 5))

    asyncio.run(begin())
    ended = kvitto("export", "5", "--out", str(tmp_path / "no" / "file.csv"), folder=tmp_path)
    assert ended.returncode == 1
    assert "file.csv" in ended.stderr
    assert "unexpected" not in ended.stderr


def test_a_database_newer_than_the_program_is_refused(tmp_path: Path, migrated: Path) -> None:
    import sqlite3

    with sqlite3.connect(migrated) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999', oldest = '9999'")
    database.close()
    ended = start_kvitto("run", folder=tmp_path, TELEGRAM_BOT_TOKEN="1:a", HTTP_PORT="0")
    assert ended.returncode == 1
    assert "DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_backup_comes_back_elsewhere_and_only_into_an_empty_place(
    tmp_path: Path, migrated: Path
) -> None:
    ended = kvitto("backup", "saved.tar.gz", folder=tmp_path)
    assert ended.returncode == 0, ended.stderr
    elsewhere = {"DATABASE_URL": "sqlite:///other/kvitto.db", "RECEIPT_STORE": "other/receipts"}
    ended = kvitto("restore", "saved.tar.gz", folder=tmp_path, **elsewhere)
    assert ended.returncode == 0, ended.stderr
    assert kvitto("check", "--ledger", folder=tmp_path, **elsewhere).returncode == 0
    ended = kvitto("restore", "no-such-file", folder=tmp_path, **elsewhere)
    assert ended.returncode == 1
    (tmp_path / "junk").write_bytes(b"no backup")
    other = {"DATABASE_URL": "sqlite:///third/kvitto.db", "RECEIPT_STORE": "third/receipts"}
    ended = kvitto("restore", "junk", folder=tmp_path, **other)
    assert ended.returncode == 1
    assert "no backup of kvitto" in ended.stderr

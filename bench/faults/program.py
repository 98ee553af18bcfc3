"""The real program in a process of its own: started, asked, stopped, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.free_ports import free_port

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 10.0


def python_of(checkout: Path) -> str:
    """Return the interpreter of a build that was installed in its folder."""
    return sys.executable if checkout == ROOT else str(checkout / ".venv" / "bin" / "python")


@dataclass(slots=True)
class Stopped:
    """How an orderly stop went; code -9: it had to be killed."""

    code: int
    seconds: float


@dataclass(slots=True)
class Program:
    """One `kvitto run`, started again and again over the same data.

    Attributes:
        shift_seconds: How far its clock is ahead of the machine's; None leaves it as it is.
        checkout: The folder of the build that runs.
        stop_seconds: How long a stop may take until the process is killed.
        watcher: A command that runs the program and watches it.
    """

    folder: Path
    environment: dict[str, str]
    http_port: int = field(default_factory=free_port)
    arguments: tuple[str, ...] = ()
    shift_seconds: float | None = None
    checkout: Path = ROOT
    stop_seconds: float = STOP_SECONDS
    watcher: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> None:
        """Start; the log goes to a file in the folder."""
        assert self.process is None
        environment = {
            **os.environ,
            "TELEGRAM_PACING": "off",
            "LOG_FORMAT": "json",
            "RECEIPT_STORE": str(self.folder / "receipts"),
            "HTTP_PORT": str(self.http_port),
            **self.environment,
            **more,
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *self.watcher,
                    python_of(self.checkout),
                    *self._module(),
                    "run",
                    *self.arguments,
                ],
                cwd=self.checkout,
                env=environment,
                stderr=log,
            )

    def _module(self) -> tuple[str, ...]:
        if self.shift_seconds is None:
            return ("-m", "bot")
        return ("-m", "bench.moved_clock", str(self.shift_seconds))

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        self.process = None
        for child in children:
            if child.is_running():
                child.kill()

    def stop(self) -> Stopped:
        """SIGTERM, and SIGKILL after `stop_seconds`, as a supervisor does."""
        assert self.process is not None
        process, self.process = self.process, None
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        return Stopped(code, time.monotonic() - began)

    def wait_for_end(self, seconds: float) -> int | None:
        """Return the exit code when it ends by itself in time."""
        assert self.process is not None
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self.process = None
        return code

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def readiness(self) -> dict[str, object] | None:
        """What `/readyz` says; None when nobody listens."""
        try:
            with urllib.request.urlopen(  # our own address
                f"http://127.0.0.1:{self.http_port}/readyz", timeout=3
            ) as answer:
                found: dict[str, object] = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            found = json.loads(error.read())
        except OSError:
            return None
        return found

    def resident_bytes(self) -> int:
        """Memory of the main process."""
        assert self.process is not None
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def count_handles(self) -> int:
        """Open files, sockets and threads of the main process."""
        assert self.process is not None
        process = psutil.Process(self.process.pid)
        return int(process.num_fds() + process.num_threads())

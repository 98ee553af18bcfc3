"""Start, limit and restart the reader's child process.

Untrusted files are decoded in the child, so a crash, a decompression bomb or a leak costs one answer
and never the bot. The first file starts the child. It is killed beyond its limits of resident memory
and time, restarted by the next file, and ended after five idle minutes, because its models hold most
of the installation's memory. It receives no secrets; its environment holds only the variables that
Python needs. An address-space limit cannot be used (onnxruntime reserves more than 3 GB that it
never touches), so resident memory is sampled ten times a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Final

from ai.ocr.protocol import decode
from ports.reading import FileRefusal, Reading

RESIDENT_BYTES_MAX: Final = 1_500_000_000
READ_SECONDS_MAX: Final = 40.0
"""Longest time for one file; a photo takes about one second, a scanned document up to ten."""
IDLE_SECONDS_MAX: Final = 300.0
QUEUE_MAX: Final = 256
"""Files that may wait; further ones are refused as temporary and retried by their job."""
_SAMPLE_SECONDS: Final = 0.1
_ANSWER_BYTES_MAX: Final = 32 * 1024 * 1024
_ROOT: Final = Path(__file__).resolve().parent.parent
_ALLOCATOR: Final = (
    "glibc.malloc.arena_max=2:glibc.malloc.mmap_threshold=1048576:glibc.malloc.hugetlb=1"
)
"""Settings of glibc's malloc, which other systems ignore.

Layers of a model are some 30 MB each. By default glibc learns to keep blocks of that size, so a child held
twice the memory that it used. With a fixed threshold they are returned as they are freed, and large pages
make that cheap. Two arenas keep freed memory from piling up in one heap per thread.
"""
_KEPT_VARIABLES: Final = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TESSDATA_PREFIX",
    "SYSTEMROOT",
    "TMPDIR",
)


class ReaderProcess:
    """Runs one child process, which reads one file at a time in the order of the calls."""

    def __init__(
        self,
        *,
        resident_bytes_max: int = RESIDENT_BYTES_MAX,
        read_seconds_max: float = READ_SECONDS_MAX,
        idle_seconds_max: float = IDLE_SECONDS_MAX,
    ) -> None:
        self._resident_bytes_max = resident_bytes_max
        self._read_seconds_max = read_seconds_max
        self._idle_seconds_max = idle_seconds_max
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """Return the process id of the running child, else None."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def read(self, data: bytes, *, language: str = "") -> Reading | FileRefusal:
        """Read a file; a refusal marked `temporary` may be retried later."""
        answer = await self._ask({"do": "read", "language": language}, data)
        if isinstance(answer, FileRefusal):
            return answer
        return _decode_answer(answer)

    async def clean_copy(
        self, data: bytes, *, side_max: int = 1600, page: int = 0
    ) -> bytes | FileRefusal:
        """Return a JPEG without metadata of the picture, or of a PDF page counted from 0."""
        answer = await self._ask({"do": "copy", "side_max": side_max, "page": page}, data)
        if isinstance(answer, FileRefusal) or answer.startswith(b"\xff\xd8"):
            return answer
        refusal = _decode_answer(answer)
        return (
            refusal
            if isinstance(refusal, FileRefusal)
            else FileRefusal("reader_failed", temporary=True)
        )

    async def close(self) -> None:
        """End the child and abandon the file that it reads."""
        if self._idle:
            self._idle.cancel()
        await self._end()
        await asyncio.gather(*self._ending)

    async def _ask(self, request: dict[str, object], data: bytes) -> bytes | FileRefusal:
        if self._waiting >= QUEUE_MAX:
            return FileRefusal("reader_busy", temporary=True)
        self._waiting += 1
        try:
            async with self._lock:
                return await self._ask_locked(request, data)
        finally:
            self._waiting -= 1

    async def _ask_locked(self, request: dict[str, object], data: bytes) -> bytes | FileRefusal:
        if self._idle:
            self._idle.cancel()
        process = await self._ensure_running()
        watch = asyncio.create_task(_watch(process.pid, self._resident_bytes_max))
        exchange = asyncio.create_task(_exchange(process, request, data))
        try:
            done, _ = await asyncio.wait(
                (watch, exchange),
                timeout=self._read_seconds_max,
                return_when=asyncio.FIRST_COMPLETED,
            )
            # Both may end in one turn of the loop; an answer that is complete counts.
            if exchange in done and exchange.exception() is None:
                self._start_idle_timer()
                return exchange.result()
            await self._end()
            if watch in done:
                return FileRefusal("needs_too_much_memory")
            if exchange in done:
                return FileRefusal("reader_failed", temporary=True)
            return FileRefusal("takes_too_long")
        except asyncio.CancelledError:
            # The pending answer would be taken for the answer to the next file.
            await asyncio.shield(self._end())
            raise
        finally:
            for task in (watch, exchange):
                task.cancel()
            await asyncio.gather(watch, exchange, return_exceptions=True)

    async def _ensure_running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environment |= {
            "PYTHONPATH": str(_ROOT),
            "OMP_NUM_THREADS": "2",
            "GLIBC_TUNABLES": _ALLOCATOR,
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            # No current directory on the path: a module there could shadow one of Kvitto's.
            "-P",
            "-m",
            "ai.ocr.child_main",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            cwd=_ROOT,
            limit=_ANSWER_BYTES_MAX,
        )
        return self._process

    def _start_idle_timer(self) -> None:
        """End the child after `idle_seconds_max` without a file."""
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._idle_seconds_max, self._schedule_end)

    def _schedule_end(self) -> None:
        task = asyncio.create_task(self._end_if_idle())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end_if_idle(self) -> None:
        async with self._lock:
            await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        # Close both pipes here; the garbage collector would warn about open transports.
        if process.stdin:
            process.stdin.close()
            with contextlib.suppress(OSError):
                await process.stdin.wait_closed()
        if process.stdout:
            with contextlib.suppress(OSError):
                await process.stdout.read()


async def _exchange(
    process: asyncio.subprocess.Process, request: dict[str, object], data: bytes
) -> bytes:
    """Send a request and wait for its answer.

    Raises:
        OSError, EOFError, ValueError: the child ended or its answer is malformed.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(request | {"bytes": len(data)}).encode() + b"\n" + data)
    await process.stdin.drain()
    size = int(await process.stdout.readline())
    if not 0 <= size <= _ANSWER_BYTES_MAX:
        raise ValueError(size)
    return await process.stdout.readexactly(size)


async def _watch(pid: int, resident_bytes_max: int) -> None:
    """Return once the process exceeds its resident memory."""
    while resident_bytes(pid) <= resident_bytes_max:  # noqa: ASYNC110 - memory signals nothing
        await asyncio.sleep(_SAMPLE_SECONDS)


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 on systems without /proc."""
    try:
        # The second field of statm is the resident set, in pages.
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _decode_answer(answer: bytes) -> Reading | FileRefusal:
    """Decode an answer of the child; anything malformed becomes a temporary refusal."""
    try:
        return decode(answer)
    except (ValueError, KeyError, TypeError):
        return FileRefusal("reader_failed", temporary=True)

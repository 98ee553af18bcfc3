"""Work in a thread that owns a connection, in the order of submission.

`run_in_executor` costs 34-45 µs a hop on a 2-core machine, this 23-26 µs: it is on the path of
every update, twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Work = Callable[[], Any]
Item = tuple[asyncio.Future[Any] | None, Work]
"""Work, and the future that gets its result."""


class Settle(Protocol):
    """A step between two pieces of work; `is_idle` says that nothing more is queued."""

    def __call__(self, *, is_idle: bool) -> None:
        """Take the step; it must not raise."""


class ConnectionThread:
    """One thread; work submitted first is done first."""

    def __init__(self, name: str, settle: Settle | None = None) -> None:
        self._settle = settle
        self._queue: SimpleQueue[Item | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Queue work; the future gets its result, if somebody still waits for it."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._put((future, work))
        return future

    def post(self, work: Work) -> None:
        """Queue work whose result is not needed; it must not raise."""
        self._put((None, work))

    def wake(self) -> None:
        """Let the thread settle soon."""
        self._put((None, _do_nothing))

    def deliver(self, futures: list[tuple[asyncio.Future[Any], Any]]) -> None:
        """Give several waiters, from inside the thread, their results in one wake-up."""
        self._loop.call_soon_threadsafe(_deliver, futures)

    async def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._put(None)
        await asyncio.to_thread(self._thread.join)

    def _put(self, item: Item | None) -> None:
        """Queue an item; None ends the thread."""
        self._queue.put(item)

    def _serve(self) -> None:
        while (item := self._queue.get()) is not None:
            self._do(*item)
            # The queue may be empty for hours; the last work must not be kept alive so long.
            del item

    def _do(self, future: asyncio.Future[Any] | None, work: Work) -> None:
        """Do one piece of work, give its waiter the result, and settle."""
        result: Any
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # it belongs to the waiter
            result = Raised(error)
        if future is not None:
            self._loop.call_soon_threadsafe(_deliver, [(future, result)])
        if self._settle is not None:
            self._settle(is_idle=self._queue.empty())


def _do_nothing() -> None:
    """Replace work where only the step after it is wanted."""


class Raised:
    """An error on its way from the thread to the waiter."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


def _awaitable(error: BaseException) -> BaseException:
    """Return the error, or one that wraps it, because a future refuses `StopIteration`."""
    if not isinstance(error, StopIteration):
        return error
    wrapped = RuntimeError("StopIteration left a unit of work")
    wrapped.__cause__ = error
    return wrapped


def _deliver(futures: list[tuple[asyncio.Future[Any], Any]]) -> None:
    """Give results to the waiters that are still there."""
    for future, result in futures:
        if future.done():
            continue
        if isinstance(result, Raised):
            future.set_exception(_awaitable(result.error))
            # A waiter that was cancelled meanwhile never asks for it.
            future.exception()
        else:
            future.set_result(result)

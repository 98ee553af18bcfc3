# ruff: noqa: ANN401 - asyncio's signatures
"""Run a loop of asyncio on virtual time, with programs in it that can be killed or stopped.

This is discrete-event simulation: when nothing is ready, the clock jumps to the next timer instead of
waiting for it, as trio's `MockClock` does with `autojump_threshold`. What the real program does in
threads is done in the loop after a delay that the seed chooses, so the order of everything is a function
of the seed. FoundationDB and TigerBeetle test that way.

A program is a context variable, which every task, timer and callback inherits. So a killed program needs
no cooperation: its steps are dropped, no `finally` of it runs, and what it held is gone.
"""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any
from weakref import WeakSet

HOP_SECONDS = (0.0001, 0.003)
"""Least and most time that work in another thread takes."""


class KilledError(BaseException):
    """Leaves the code of a program that was killed in the middle of a step."""


class StuckError(Exception):
    """Nothing is ready and no timer runs, so nothing will ever happen again."""


class Program:
    """One life of the bot's process, from its start to its end or kill."""

    def __init__(self, loop: VirtualLoop, number: int) -> None:
        self.loop = loop
        self.number = number
        self.is_alive = True
        self.steps = 0
        self.dies_at: int | None = None
        """The step after which it is killed."""
        self.context: Context = copy_context()
        self.tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
        self.on_kill: list[Callable[[], None]] = []
        """Close what the kernel closes when a process dies."""
        self.main: asyncio.Task[None] | None = None
        self.died: asyncio.Future[None] = loop.create_future()
        """Done when it is killed, which `main` then never is."""
        self._held: list[Step] | None = None
        self.context.run(PROGRAM.set, self)

    def start(self, main: Coroutine[Any, Any, None]) -> None:
        """Run the program's main coroutine."""
        self.main = self.loop.create_task(main, context=self.context)

    def take(self, step: Step) -> None:
        """Run a step, unless the program is dead or stopped, or took it back while it was."""
        if not self.is_alive or (step.handle is not None and step.handle.cancelled()):
            return
        if self._held is not None:
            self._held.append(step)
            return
        self.steps += 1
        try:
            step.callback(*step.args)
        except BaseException:
            # What a kill leaves of a step, whose files are closed, is nobody's error.
            if self.is_alive:
                raise
        if self.steps == self.dies_at:
            self.kill()

    def kill(self) -> None:
        """End the program at once; nothing of it runs again."""
        if not self.is_alive:
            return
        self.is_alive = False
        # Kept until the end: collected in between, their `finally` would run in somebody's context.
        self.loop.graveyard += list(self.tasks)
        for close in self.on_kill:
            close()
        if not self.died.done():
            self.died.set_result(None)

    def stop(self) -> None:
        """Hold every step back, as SIGSTOP does, while time goes on for everybody else."""
        if self._held is None:
            self._held = []

    def go_on(self) -> None:
        """Run what was held back, in its order."""
        held, self._held = self._held or [], None
        for step in held:
            self.loop.resume(step)


PROGRAM: ContextVar[Program] = ContextVar("program")
"""The program that the running code belongs to; unset for everything outside of it."""


class Step:
    """A callback of a program on its way through the loop."""

    __slots__ = ("args", "callback", "context", "handle", "program")

    def __init__(
        self, program: Program, context: Context, callback: Callable[..., Any], args: Any
    ) -> None:
        self.program = program
        self.context = context
        self.callback = callback
        self.args = args
        self.handle: asyncio.Handle | None = None

    def __call__(self) -> None:
        """Let the program run it."""
        self.program.take(self)


class _Jumps(selectors.SelectSelector):
    """Waits for nothing: moves the loop's clock as far as it would have waited."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[Any]:
        """Jump to the next timer."""
        if timeout is None:
            raise StuckError
        self.loop.now += max(timeout, 0.0)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop; `now` is the seconds since its start."""

    def __init__(self, dice: random.Random) -> None:
        self.now = 0.0
        self.dice = dice
        self.graveyard: list[asyncio.Task[Any]] = []
        selector = _Jumps()
        selector.loop = self
        super().__init__(selector)
        # Sums of floats may miss a timer by their last digit.
        self._clock_resolution = 1e-6
        self.set_task_factory(_make_task)

    def time(self) -> float:
        """Return the virtual time."""
        return self.now

    def hop(self) -> float:
        """Draw the time that work in a thread takes."""
        return self.dice.uniform(*HOP_SECONDS)

    def call_soon(  # type: ignore[override]  # its stubs tie the arguments to the callback
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Queue a callback; a program's is dropped when the program is dead by then."""
        context = copy_context() if context is None else context
        program = context.get(PROGRAM)
        if program is None:
            return super().call_soon(callback, *args, context=context)
        step = Step(program, context, callback, args)
        step.handle = super().call_soon(step, context=context)
        return step.handle

    def resume(self, step: Step) -> None:
        """Queue a step again; whoever holds its handle can still cancel it."""
        super().call_soon(step, context=step.context)

    def call_at(  # type: ignore[override]  # as above
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Plan a callback; see `call_soon`."""
        context = copy_context() if context is None else context
        program = context.get(PROGRAM)
        if program is None:
            return super().call_at(when, callback, *args, context=context)
        step = Step(program, context, callback, args)
        handle = super().call_at(when, step, context=context)
        step.handle = handle
        return handle

    def call_soon_threadsafe(  # type: ignore[override]  # as above
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Queue a callback; there are no threads."""
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]  # asyncio's own is a coroutine only in its stubs
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run a function in the loop a little later."""
        _ = executor
        future: asyncio.Future[Any] = self.create_future()
        self.call_later(self.hop(), _run, future, func, args)
        return future


def _run(future: asyncio.Future[Any], func: Callable[..., Any], args: Any) -> None:
    if future.cancelled():
        return
    try:
        result = func(*args)
    except Exception as error:  # noqa: BLE001  # it belongs to the waiter
        future.set_exception(error)
    else:
        future.set_result(result)


def _make_task(
    loop: asyncio.AbstractEventLoop, coro: Any, *, context: Context | None = None
) -> asyncio.Task[Any]:
    """Make a task, and note whose it is."""
    task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, context=context)
    program = PROGRAM.get(None) if context is None else context.get(PROGRAM)
    if program is not None:
        program.tasks.add(task)
    return task

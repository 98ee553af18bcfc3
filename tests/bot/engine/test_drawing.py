"""A second process draws while many pictures wait, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.engine.drawing import PROCESSES_MAX, WAITING_MAX, PictureProcess, PictureProcesses
from ports.messages import Json
from tests.bot.parts import until


class SlowProcess(PictureProcess):
    """A process whose pictures are ready when the test says so."""

    ready = asyncio.Event()

    async def draw(self, name: str, values: Mapping[str, Json]) -> bytes:
        """Wait, and count as a real one does."""
        _ = values
        self.waiting += 1
        await self.ready.wait()
        self.waiting -= 1
        self.drawn += 1
        return name.encode()


async def test_a_second_process_helps_while_many_pictures_wait() -> None:
    SlowProcess.ready = asyncio.Event()
    easel = PictureProcesses(SlowProcess, spare_seconds=0.01)
    drawing = [asyncio.create_task(easel.draw(str(n), {})) for n in range(WAITING_MAX)]
    await asyncio.sleep(0)
    assert len(easel.processes) == 1
    drawing += [asyncio.create_task(easel.draw(str(n), {})) for n in range(WAITING_MAX, 20)]
    await asyncio.sleep(0)
    assert [process.waiting for process in easel.processes] == [20 / PROCESSES_MAX] * PROCESSES_MAX
    SlowProcess.ready.set()
    assert await asyncio.gather(*drawing) == [str(number).encode() for number in range(20)]
    await until(lambda: len(easel.processes) == 1)

"""How long a receipt's photo takes to its confirmation, on the real bot and its reader.

    python -m bench.photos [--photos 20] [FOLDER]

Starts `kvitto run` on SQLite against the demo's Bot API server and sends one photo after another
(the demo's own samples, or the pictures of a folder), each a little different so that none is known
already. The first one, which loads the models, is printed apart. Beside it: the message "reading…",
and the memory of the reader's process.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import statistics
import tempfile
import time
from itertools import cycle
from pathlib import Path

import psutil
from PIL import Image

from bench.faults.program import Program
from demo.botapi.world import Chat, User
from demo.server import open_demo
from demo.simulation import Simulation
from storage.migrations import migrate

ROOT = Path(__file__).resolve().parent.parent
MUST_SECONDS, AIM_SECONDS = 1.2, 0.8
"""From a warm photo to its confirmation, median (issue 2)."""
WAIT_SECONDS = 120


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "demo" / "samples")
    options = parser.parse_args()
    pictures = [
        path
        for path in sorted(options.folder.iterdir())
        if path.suffix in {".jpg", ".jpeg", ".png"} and "preview" not in path.stem
    ]
    asyncio.run(measure(pictures, options.photos))


async def measure(pictures: list[Path], count: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/kvitto.db"
        await migrate(url)
        async with open_demo() as demo:
            settings = {
                "TELEGRAM_BOT_TOKEN": demo.token,
                "TELEGRAM_API_URL": demo.url,
                "DATABASE_URL": url,
            }
            program = Program(Path(place), settings)
            program.start()
            try:
                await send_all(demo.simulation, program, pictures, count)
            finally:
                program.kill()


async def send_all(sim: Simulation, program: Program, pictures: list[Path], count: int) -> None:
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.say(ann, chat, "coffee 4.50")
    await sim.answers(chat, timeout=WAIT_SECONDS)
    told, done = [], []
    for number, path in zip(range(count + 1), cycle(pictures), strict=False):
        first, last = await send(sim, ann, chat, varied(path, number))
        told.append(first)
        done.append(last)
    warm = sorted(done[1:])
    print(f"first photo, models loaded on the way  {done[0]:.2f} s")
    print(f"“reading…” after, median               {statistics.median(told):.3f} s")
    print(
        f"photo to confirmation, warm ({count})      median {statistics.median(warm):.2f} s, "
        f"slowest {warm[-1]:.2f} s (must {MUST_SECONDS}, aim {AIM_SECONDS})"
    )
    print(f"reader's process                       {reader_megabytes(program):.0f} MB resident")


async def send(sim: Simulation, user: User, chat: Chat, content: bytes) -> tuple[float, float]:
    """Send a photo; return the seconds to the first message and to its last content."""
    began = time.perf_counter()
    sim.photo(user, chat, content)
    (message,) = await sim.answers(chat, timeout=WAIT_SECONDS)
    first = time.perf_counter() - began
    await sim.edit_of(message, timeout=WAIT_SECONDS)
    return first, time.perf_counter() - began


def varied(path: Path, number: int) -> bytes:
    """Return a picture with one pixel of its own."""
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    picture.putpixel((0, 0), (number % 256, number // 256, 0))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def reader_megabytes(program: Program) -> float:
    assert program.process is not None
    children = psutil.Process(program.process.pid).children(recursive=True)
    return max((child.memory_info().rss / 1e6 for child in children), default=0.0)


if __name__ == "__main__":
    main()

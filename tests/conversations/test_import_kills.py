"""A process that dies in the middle of an import, or of its undo, finishes it after the start, once.

`python -m bench.faults --only imports_killed` does the same at random moments, many times over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.faults.importing import Imported, add_importer
from bench.faults.program import Program
from demo.server import open_demo
from ports.failpoints import EXIT_CODE

pytestmark = [pytest.mark.external, pytest.mark.asyncio]

ROWS = 130
END_SECONDS = 90.0


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The program on a database of its own, killed at the end."""
    program = Program(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/kvitto.db"})
    yield program
    if program.is_running:
        program.kill()


async def test_a_process_killed_in_an_import_and_in_its_undo_finishes_both(
    program: Program,
) -> None:
    url = program.environment["DATABASE_URL"]
    async with open_demo() as demo:
        program.environment |= {
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
        }
        importer = add_importer(demo.simulation, ROWS)
        # Fifty rows are committed, fifty more are written, and the process is gone.
        program.start(KVITTO_FAILPOINT="import.before_commit:2")
        preview = await importer.preview()
        importer.press(preview, f"Import {ROWS} rows")
        assert await asyncio.to_thread(program.wait_for_end, END_SECONDS) == EXIT_CODE
        assert (await importer.count(url)).rows == 50

        program.start(KVITTO_FAILPOINT="import.before_undone:2")
        done = await importer.wait_for(preview, f"Imported {ROWS} entries")
        assert await importer.count(url) == Imported(ROWS, ROWS, ROWS)
        importer.press(done, "Undo")
        assert await asyncio.to_thread(program.wait_for_end, END_SECONDS) == EXIT_CODE
        assert await importer.count(url) == Imported(ROWS, ROWS, ROWS - 50)

        program.start()
        undone = await importer.wait_for(done, "undone")
        assert await importer.count(url) == Imported(ROWS, ROWS, 0)
        assert "Import again" in undone.labels
        assert (await asyncio.to_thread(program.stop)).code == 0


async def test_a_process_killed_before_it_tells_of_an_import_tells_of_it_later(
    program: Program,
) -> None:
    """All is committed but the end of the job, so at the start there is nothing left but to tell."""
    url = program.environment["DATABASE_URL"]
    async with open_demo() as demo:
        program.environment |= {
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
        }
        importer = add_importer(demo.simulation, ROWS)
        program.start(KVITTO_FAILPOINT="job.before_done")
        asking = asyncio.create_task(importer.preview())
        assert await asyncio.to_thread(program.wait_for_end, END_SECONDS) == EXIT_CODE

        # The job of before ends first, the next one does not.
        program.start(KVITTO_FAILPOINT="job.before_done:2")
        preview = await asking
        importer.press(preview, f"Import {ROWS} rows")
        assert await asyncio.to_thread(program.wait_for_end, END_SECONDS) == EXIT_CODE
        assert await importer.count(url) == Imported(ROWS, ROWS, ROWS)

        program.start(KVITTO_FAILPOINT="job.before_done:2")
        done = await importer.wait_for(preview, f"Imported {ROWS} entries")
        importer.press(done, "Undo")
        assert await asyncio.to_thread(program.wait_for_end, END_SECONDS) == EXIT_CODE
        assert await importer.count(url) == Imported(ROWS, ROWS, 0)

        program.start()
        await importer.wait_for(done, "undone")
        assert await importer.count(url) == Imported(ROWS, ROWS, 0)
        assert (await asyncio.to_thread(program.stop)).code == 0

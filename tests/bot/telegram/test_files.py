"""F07: downloads that misbehave are refused or can be tried again, and are never read without end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator

import pytest

import bot.telegram.files
from bot.telegram.api import BotApi
from bot.telegram.files import TelegramFiles
from demo.faults import FileFault
from demo.server import DemoServer
from ledger.errors import InputError, UnavailableError
from ports.files import FILE_BYTES_MAX

DATA = b"%PDF-1.4 " + bytes(range(256)) * 40


@pytest.fixture
async def files(demo: DemoServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramFiles]:
    monkeypatch.setattr(bot.telegram.files, "DOWNLOAD_SECONDS", 1.0)
    monkeypatch.setattr(bot.telegram.files, "LINK_PAUSES", (0.01, 0.02))
    async with BotApi(demo.url, demo.token) as api:
        yield TelegramFiles(api)


def send(demo: DemoServer, data: bytes = DATA) -> str:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    message = sim.document(ann, sim.private_chat(ann), data, file_name="receipt.pdf")
    file_id: str = message.data["document"]["file_id"]
    return file_id


async def test_a_file_arrives_whole(demo: DemoServer, files: TelegramFiles) -> None:
    assert await files.fetch(send(demo)) == DATA


async def test_a_file_of_unknown_size_arrives_whole(demo: DemoServer, files: TelegramFiles) -> None:
    demo.simulation.faults.is_file_size_hidden = True
    assert await files.fetch(send(demo)) == DATA


async def test_a_link_that_has_expired_is_asked_for_anew(
    demo: DemoServer, files: TelegramFiles
) -> None:
    file_id = send(demo)
    demo.simulation.faults.file_fault = "missing"
    demo.simulation.faults.file_fault_times = 2
    assert await files.fetch(file_id) == DATA
    assert len(demo.simulation.requests("getFile")) == 3


async def test_a_file_whose_links_are_never_found_is_gone(
    demo: DemoServer, files: TelegramFiles
) -> None:
    file_id = send(demo)
    demo.simulation.faults.file_fault = "missing"
    with pytest.raises(InputError) as caught:
        await files.fetch(file_id)
    assert caught.value.message_id == "file_gone"


def test_an_endless_404_is_answered_within_half_a_minute() -> None:
    assert sum(bot.telegram.files.LINK_PAUSES) < 10


@pytest.mark.parametrize("fault", ["slow", "reset"])
async def test_a_link_that_fails_may_be_tried_again(
    demo: DemoServer, files: TelegramFiles, fault: FileFault
) -> None:
    file_id = send(demo)
    demo.simulation.faults.file_fault = fault
    demo.simulation.faults.file_fault_times = 1
    began = time.monotonic()
    with pytest.raises(UnavailableError):
        await files.fetch(file_id)
    assert time.monotonic() - began < 30
    assert await files.fetch(file_id) == DATA


@pytest.mark.parametrize("fault", ["longer", "html"])
async def test_what_is_not_the_file_is_no_more_than_bytes(
    demo: DemoServer, files: TelegramFiles, fault: FileFault
) -> None:
    """The decoder judges what came; here it is only bounded."""
    file_id = send(demo)
    demo.simulation.faults.file_fault = fault
    with contextlib.suppress(InputError, UnavailableError):
        assert len(await files.fetch(file_id)) <= FILE_BYTES_MAX


async def test_a_file_that_is_too_big_is_refused(demo: DemoServer, files: TelegramFiles) -> None:
    with pytest.raises(InputError) as caught:
        await files.fetch(send(demo, bytes(FILE_BYTES_MAX + 1)))
    assert caught.value.message_id == "file_too_big"


async def test_a_file_that_never_was_is_gone(demo: DemoServer, files: TelegramFiles) -> None:
    with pytest.raises(InputError) as caught:
        await files.fetch("no-such-file")
    assert caught.value.message_id == "file_gone"


async def test_no_error_names_the_link(demo: DemoServer, files: TelegramFiles) -> None:
    file_id = send(demo)
    demo.simulation.faults.file_fault = "reset"
    with pytest.raises(UnavailableError) as caught:
        await files.fetch(file_id)
    chain: BaseException | None = caught.value
    while chain is not None:
        assert demo.token.partition(":")[2] not in repr(chain) + str(chain)
        chain = chain.__cause__ or chain.__context__

"""Photos and files on their way to the bot and back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from PIL import Image

from demo.server import DemoServer
from demo.simulation import Simulation
from tests.demo.answers import Call, Draw


async def download(demo: DemoServer, http: aiohttp.ClientSession, path: str) -> tuple[int, bytes]:
    async with http.get(f"{demo.url}/file/bot{demo.token}/{path}") as response:
        return response.status, await response.read()


async def test_a_photo_arrives_upright_small_and_without_metadata(
    demo: DemoServer, http: aiohttp.ClientSession, call: Call
) -> None:
    sim = demo.simulation
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif[0x010F] = "Camera"
    buffer = BytesIO()
    Image.new("RGB", (3000, 2000), "white").save(buffer, "JPEG", exif=exif)
    ann = sim.add_user("Ann")

    message = sim.photo(ann, sim.private_chat(ann), buffer.getvalue(), caption="lunch 9")

    sizes = message.data["photo"]
    assert [(size["width"], size["height"]) for size in sizes][-1] == (853, 1280)
    assert message.data["caption"] == "lunch 9"
    described = (await call("getFile", file_id=sizes[-1]["file_id"])).result
    status, content = await download(demo, http, described["file_path"])
    assert status == 200
    assert len(content) == described["file_size"] == sizes[-1]["file_size"]
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "JPEG"
        assert not picture.getexif()


async def test_a_document_arrives_byte_for_byte(
    demo: DemoServer, http: aiohttp.ClientSession, call: Call, picture: Draw
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    original = picture(kind="JPEG")

    message = sim.document(ann, sim.private_chat(ann), original, file_name="receipt.jpg")

    document = message.data["document"]
    assert (document["file_name"], document["mime_type"]) == ("receipt.jpg", "image/jpeg")
    assert document["thumbnail"]["width"] == 320
    described = (await call("getFile", file_id=document["file_id"])).result
    assert (await download(demo, http, described["file_path"])) == (200, original)


async def test_a_link_dies_after_an_hour(
    demo: DemoServer, http: aiohttp.ClientSession, call: Call
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    message = sim.document(ann, sim.private_chat(ann), b"%PDF-1.4", file_name="a.pdf")
    path = (await call("getFile", file_id=message.data["document"]["file_id"])).result["file_path"]
    assert (await download(demo, http, path))[0] == 200

    sim.advance(timedelta(minutes=61))

    assert (await download(demo, http, path))[0] == 404


async def test_more_than_20_mib_cannot_be_fetched(sim: Simulation, call: Call) -> None:
    ann = sim.add_user("Ann")
    message = sim.document(ann, sim.private_chat(ann), bytes((20 << 20) + 1), file_name="a.bin")

    answer = await call("getFile", file_id=message.data["document"]["file_id"])

    assert answer.refusal == (400, "Bad Request: file is too big")


async def test_an_album_shares_one_id(sim: Simulation, call: Call, picture: Draw) -> None:
    ann = sim.add_user("Ann")
    sim.album(ann, sim.private_chat(ann), [picture(), picture(200, 300)], caption="two")

    first, second = [update["message"] for update in (await call("getUpdates")).result]

    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], second.get("caption")) == ("two", None)


@pytest.mark.parametrize("fault", ["missing", "html", "reset", "longer", "slow"])
async def test_downloads_go_wrong_on_request(
    demo: DemoServer, http: aiohttp.ClientSession, call: Call, fault: str
) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    content = bytes(range(256)) * 100
    message = sim.document(ann, sim.private_chat(ann), content, file_name="a.bin")
    path = (await call("getFile", file_id=message.data["document"]["file_id"])).result["file_path"]
    sim.faults.file_fault = fault  # type: ignore[assignment]
    sim.faults.file_fault_times = 1

    if fault == "reset":
        with pytest.raises(aiohttp.ClientError):
            await download(demo, http, path)
    elif fault == "slow":
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(download(demo, http, path), 0.3)
    else:
        status, got = await download(demo, http, path)
        assert status == (404 if fault == "missing" else 200)
        assert got.startswith({"missing": b"{", "html": b"<!DOCTYPE", "longer": content}[fault])
        assert fault != "longer" or len(got) > 20 << 20

    assert (await download(demo, http, path)) == (200, content)


async def test_sizes_can_be_kept_secret(sim: Simulation, call: Call, picture: Draw) -> None:
    ann = sim.add_user("Ann")
    sim.photo(ann, sim.private_chat(ann), picture())
    sim.faults.is_file_size_hidden = True

    (update,) = (await call("getUpdates")).result

    assert "file_size" not in str(update)
    answer = await call("getFile", file_id=update["message"]["photo"][-1]["file_id"])
    assert "file_size" not in answer.result

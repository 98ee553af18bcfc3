"""Receipts come in, and pictures and exports go out, to members alone."""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import aiohttp
import pytest
from PIL import Image

from ports.repositories import Repositories
from tests.bot.parts import until
from tests.web.api.stage import ApiStage
from web.api import uploads
from web.api.handlers import exports
from web.api.uploads import UPLOADS_MAX


def _picture(kind: str = "JPEG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (20, 30), "white").save(written, kind)
    return written.getvalue()


async def test_a_receipt_is_kept_and_read_as_one_of_the_chat(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/receipts"
    key = {"Idempotency-Key": "photo-1"}
    form = aiohttp.FormData()
    form.add_field("caption", "lunch with Bo")
    form.add_field("file", _picture(), filename="a.jpg", content_type="image/jpeg")
    taken = await api.call("POST", path, as_="shortcut", data=form, headers=key)
    assert taken.status == 202, taken.body
    receipt = taken.json
    assert (receipt["state"], receipt["image"], receipt["items"]) == ("reading", None, [])
    assert taken.headers["Location"] == f"/api/v1{path}/{receipt['id']}"
    (message,) = await api.told()
    assert message.payload["silent"] is True
    jobs = await api.database.jobs.claim(now=api.now, room=lambda _: 9, lease_seconds=9)
    (job,) = [job for job in jobs if job.kind == "receipt"]
    assert (job.values["receipt_id"], job.values["addressed"]) == (receipt["id"], True)

    # The bytes alone are the same call with the same words.
    raw = await api.call(
        "POST", f"{path}?caption=lunch+with+Bo", as_="shortcut", data=_picture(), headers=key
    )
    assert raw.status == 422, "another address is another call"
    again = await api.call("POST", path, as_="shortcut", data=_form(), headers=key)
    assert again.body == taken.body

    # Its picture is there once the copy without metadata is.
    image = f"{path}/{receipt['id']}/image"
    assert (await api.call("GET", image)).status == 404
    await _keep_copy(api, receipt["id"])
    shown = await api.call("GET", image)
    assert (shown.body, shown.headers["Content-Type"]) == (_picture("PNG"), "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    found = await api.call("GET", f"{path}/{receipt['id']}")
    assert found.json["image"] == f"/api/v1{image}"
    for who in ("bo", "eve", "of-group"):
        assert (await api.call("GET", image, as_=who)).status == 404
        assert (await api.call("GET", f"{path}/{receipt['id']}", as_=who)).status == 404


def _form() -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("file", _picture(), filename="b.jpg", content_type="image/jpeg")
    form.add_field("caption", "lunch with Bo")
    return form


async def _keep_copy(
    api: ApiStage, receipt_id: str, data: bytes | None = None, entry_id: str = ""
) -> None:
    """Keep the copy of a receipt without metadata; an entry is then said to be read from it."""
    key = await api.blobs.put(data or _picture("PNG"), media_type="image/png")

    def keep(rows: Repositories) -> None:
        found = rows.chats.find(7)
        assert found is not None
        receipt = rows.receipts.get(found.chat.ledger.id, receipt_id)
        rows.receipts.save(replace(receipt, clean_key=key))
        if entry_id:
            entry = rows.entries.get(found.chat.ledger.id, entry_id)
            rows.entries.save(replace(entry, receipt_id=receipt_id))

    async with api.database.units.open(now=api.now) as unit:
        await unit.run(keep)


async def test_what_is_no_receipt_is_refused(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/receipts"
    bomb = aiohttp.FormData()
    bomb.add_field("note", "x", content_type="text/plain")
    for data, headers, status in (
        (b"", {"Content-Type": "image/jpeg"}, 415),
        (b"<svg onload=alert(1)>", {"Content-Type": "image/png"}, 415),
        (b"GIF89a", {}, 415),
        (io.BytesIO(b"\xff\xd8\xff" + b"x" * (20 << 20)), {"Content-Type": "image/jpeg"}, 413),
        (b"--x--", {"Content-Type": "multipart/form-data; boundary=x"}, 422),
        (b"nonsense", {"Content-Type": "multipart/form-data"}, 400),
        (bomb, {}, 422),
    ):
        answer = await api.call("POST", path, data=data, headers=headers)
        assert answer.status == status, answer.body
    assert not await api.told()


async def test_the_words_of_a_receipt_are_kept_whole(api: ApiStage) -> None:
    caption = "dinner with Bo " * 15 + "äöü"
    path = f"/ledgers/{api.home}/receipts"
    # The network cuts where it likes: in the words, and within one letter.
    data = _form_bytes(caption)
    cut = data.index(b"dinner") + 60
    letter = data.index("äöü".encode()) + 1

    async def pieces() -> AsyncIterator[bytes]:
        for piece in (data[:cut], data[cut:letter], data[letter:]):
            yield piece
            # Long enough for the server to read what is there.
            await asyncio.sleep(0.1)

    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    taken = await api.call("POST", path, data=pieces(), headers=headers)
    assert (taken.status, taken.json["caption"]) == (202, caption)
    whole = await api.call("POST", path, data=_form_bytes("ä" * 1000), headers=headers)
    assert (whole.status, whole.json["caption"]) == (202, "ä" * 1000)
    for words in ("x" * 1001, "ä" * 9000):
        refused = await api.call("POST", path, data=_form_bytes(words), headers=headers)
        assert refused.status == 422, refused.body
        assert refused.json["errors"][0]["pointer"] == "caption"


def _form_bytes(caption: str) -> bytes:
    head = b'--cut\r\nContent-Disposition: form-data; name="'
    file = head + b'file"; filename="a.jpg"\r\n\r\n' + _picture()
    return file + b"\r\n" + head + b'caption"\r\n\r\n' + caption.encode() + b"\r\n--cut--\r\n"


async def test_l07_slow_uploads_of_one_person_keep_nobody_else_out(api: ApiStage) -> None:
    path, go = f"/ledgers/{api.group}/receipts", asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield _picture()
        await go.wait()

    slow = [
        asyncio.create_task(api.call("POST", path, data=slowly())) for _ in range(UPLOADS_MAX - 1)
    ]
    clients = uploads._of_people._clients
    await until(lambda: sum(one.count for one in clients.values()) == len(slow))
    for _ in range(2):
        assert (await api.call("POST", path, as_="bo", data=_picture())).status == 202
    go.set()
    assert [one.status for one in await asyncio.gather(*slow)] == [202] * len(slow)


async def test_slow_readers_hold_up_no_export(
    api: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK_SECONDS", 1)
    monkeypatch.setattr(exports, "WAIT_SECONDS", 0.5)
    monkeypatch.setattr(exports, "_files", asyncio.Semaphore(exports.EXPORTS_MAX + 1))
    form = aiohttp.FormData()
    form.add_field("file", _picture(), filename="a.jpg", content_type="image/jpeg")
    receipt = (await api.call("POST", f"/ledgers/{api.home}/receipts", data=form)).json["id"]
    made = await api.book(amount="4.50", note="lunch")
    # More than the sockets of both sides hold.
    await _keep_copy(api, receipt, bytes(12 << 20), made["id"])
    path = f"/ledgers/{api.home}/export"
    headers = {"Authorization": api.logins["ann"]}
    monkeypatch.setattr(exports, "LEDGER_FILES_MAX", exports.EXPORTS_MAX + 2)
    async with AsyncExitStack() as slow:

        async def read_slowly() -> aiohttp.ClientResponse:
            opened = api.session.get(f"{api.url}{path}?format=zip", headers=headers)
            return await slow.enter_async_context(opened)

        answers = [await read_slowly() for _ in range(exports.EXPORTS_MAX)]
        assert (await api.call("GET", path)).status == 200
        answers.append(await read_slowly())
        assert [answer.status for answer in answers] == [200] * 3
        # A reader that takes nothing is cut off, which makes room for another file.
        monkeypatch.setattr(exports, "WAIT_SECONDS", 20)
        assert (await api.call("GET", path)).status == 200
        # It sees that its own is not whole.
        with pytest.raises(aiohttp.ClientError):
            await answers[0].read()


async def test_one_ledger_s_exports_leave_room_for_others(
    api: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(exports, "LEDGER_FILES_MAX", 1)
    homes, others = f"/ledgers/{api.home}/export", f"/ledgers/{api.group}/export"
    assert (await api.call("GET", homes)).status == 200
    # Ann's own ledger was made first.
    async with exports.slots_of(1):
        busy = await api.call("GET", homes)
        assert (busy.status, busy.headers["Retry-After"]) == (503, "0.2")
        assert (await api.call("GET", others, as_="of-group")).status == 200
    assert (await api.call("GET", homes)).status == 200


async def test_an_export_is_the_file_of_the_chat(api: ApiStage) -> None:
    made = await api.book(amount="4.50", note="=1+1", tags=["work"])
    await api.book(amount="9", note="old", date="2026-01-01")
    path = f"/ledgers/{api.home}/export"
    answer = await api.call("GET", path, params={"from": "2026-11-01"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"].endswith(".csv")
    (row,) = csv.DictReader(io.StringIO(answer.body.decode()))
    assert (row["id"], row["note"], row["tags"], row["amount"]) == (
        made["id"],
        "'=1+1",
        "work",
        "4.50",
    )
    packed = await api.call("GET", path, params={"format": "firefly"})
    assert packed.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.body)) as files:
        assert len(files.namelist()) == 2
    assert (await api.call("GET", path, params={"format": "doc"})).status == 422
    for who in ("bo", "eve", "of-group"):
        assert (await api.call("GET", path, as_=who)).status == 404

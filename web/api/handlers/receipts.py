"""Take receipts that programs hand on, and show what became of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Literal

from aiohttp import web

from ledger.entries.source_keys import api_source
from ledger.errors import NotFoundError
from ledger.stored_receipts import Receipt, ReceiptState
from services.exporting.archive import suffix_of
from services.ids import new_id
from services.receipts.uploads import Upload, digest_of, find_receipt, take_upload
from services.replaying import CallKey
from services.scope import Scope
from web.api.calls import Call, Outcome, Reply
from web.api.entry_models import expenses_of, write_instant
from web.api.models.receipts import ReceiptShown, UploadQuery
from web.api.routes import PREFIX, NoQuery
from web.api.uploads import MEDIA_TYPES, reading_upload

_STATES: dict[ReceiptState, Literal["reading", "asked", "booked", "refused", "failed"]] = {
    "stored": "reading",
    "read": "reading",
    "asked": "asked",
    "booked": "booked",
    "refused": "refused",
    "failed": "failed",
}


async def add_receipt(call: Call[UploadQuery, None]) -> Reply:
    """Keep a picture and have it read as one that is sent in the chat."""
    # Before anything is read: only a member may send a file.
    await call.read(lambda scope: scope.ledger.id)
    async with reading_upload(call.request, call.caller.user_id) as file:
        caption = call.query.caption or file.caption
        digest = digest_of(file.data)
        # Stored before the row, so that a row never names a file that is missing.
        key = await call.backend.blobs.put(file.data, media_type=MEDIA_TYPES[file.suffix])
        name = f"receipt{file.suffix}"
    upload = Upload(api_source(new_id(call.now)), key, digest, name, caption)

    def write(scope: Scope) -> Outcome:
        receipt = take_upload(scope, upload)
        shown = _show(scope, receipt)
        path = f"{PREFIX}/ledgers/{scope.ledger.key}/receipts/{receipt.id}"
        planned = call.backend.services.receipt_pacing.plan(scope, receipt)
        return Outcome(Reply(shown, 202, {"Location": path}), planned)

    # The digest of the body in place of the body, which no key should hold in memory.
    named = call.key and _key_of(call.key, f"{digest}\n{caption}")
    return await replace(call, key=named).write(write)


async def get_receipt(call: Call[NoQuery, None]) -> Reply:
    """Return what became of a receipt."""

    def read(scope: Scope) -> ReceiptShown:
        return _show(scope, find_receipt(scope, call.id("receipt_id"))[0])

    return Reply(await call.read(read))


async def get_image(call: Call[NoQuery, None]) -> Reply:
    """Return the picture of a receipt, without the metadata of the photo."""

    def read(scope: Scope) -> str:
        receipt, _ = find_receipt(scope, call.id("receipt_id"))
        # The original may tell where it was taken, so it is never handed out.
        if receipt.clean_key is None:
            raise NotFoundError("no_picture")
        return receipt.clean_key

    data = await call.backend.blobs.get(await call.read(read))

    async def send(request: web.Request) -> web.StreamResponse:
        _ = request
        suffix = suffix_of(data)
        headers = {"Content-Disposition": f'inline; filename="receipt{suffix}"'}
        kind = MEDIA_TYPES.get(suffix, "application/octet-stream")
        return web.Response(body=data, content_type=kind, headers=headers)

    return Reply(stream=send)


def _show(scope: Scope, receipt: Receipt) -> ReceiptShown:
    _, entries = find_receipt(scope, receipt.id)
    path = f"{PREFIX}/ledgers/{scope.ledger.key}/receipts/{receipt.id}/image"
    return ReceiptShown(
        id=receipt.id,
        state=_STATES[receipt.state],
        received_at=write_instant(receipt.received_at),
        caption=receipt.caption,
        image=path if receipt.clean_key else None,
        items=expenses_of(scope, entries),
    )


def _key_of(key: CallKey, body: str) -> CallKey:
    digest = hashlib.sha256(f"{key.request}\n{body}".encode()).hexdigest()
    return CallKey(key.key, digest)

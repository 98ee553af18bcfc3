"""Serve the methods sendPhoto, sendDocument, sendMediaGroup and getFile."""

from __future__ import annotations

import mimetypes
from typing import Any

from demo.botapi.errors import ApiError, bad_request
from demo.botapi.files.photos import check_photo, preview
from demo.botapi.files.store import UPLOAD_MAX_BYTES, StoredFile
from demo.botapi.formatting.formatted import read_caption
from demo.botapi.messages.sending import count_sent, reply_fields, send
from demo.botapi.requests.params import Params, Upload
from demo.botapi.telegram import Telegram, caption_fields, get_open_chat, post
from demo.botapi.world import JsonObject

ALBUM_MIN, ALBUM_MAX = 2, 10
"""Number of photos or files in an album."""


def send_photo(telegram: Telegram, params: Params) -> JsonObject:
    """Send a photo."""
    caption = read_caption(params)
    content = _photo_content(telegram, params.upload("photo"), params.text("photo"))
    return send(telegram, params, {**content, **caption_fields(caption)})


def send_document(telegram: Telegram, params: Params) -> JsonObject:
    """Send a file."""
    caption = read_caption(params)
    content = _document_content(telegram, params.upload("document"), params.text("document"))
    return send(telegram, params, {**content, **caption_fields(caption)})


def send_media_group(telegram: Telegram, params: Params) -> list[JsonObject]:
    """Send an album of photos or of files."""
    items = params.decoded("media", "media")
    if not isinstance(items, list):
        raise bad_request("can't parse media JSON object")
    if not ALBUM_MIN <= len(items) <= ALBUM_MAX:
        raise bad_request("group send failed: expected 2-10 media")
    kinds = {item.get("type") for item in items if isinstance(item, dict)}
    # Photos and videos mix in an album, files do not mix with either.
    if len(kinds) > 1 and "document" in kinds:
        raise bad_request("Can't use the media of the specified type in the album")
    contents = [media_content(telegram, params, item) for item in items]
    chat = get_open_chat(telegram, params)
    reply = reply_fields(chat, params)
    count_sent(telegram, chat, len(items))
    group_id = {"media_group_id": telegram.world.next_album_id()}
    return [
        post(telegram, chat, telegram.bot, {**reply, **group_id, **content}).data
        for content in contents
    ]


def media_content(telegram: Telegram, params: Params, item: Any) -> JsonObject:  # noqa: ANN401
    """Return the photo or document of an InputMedia object, with its caption.

    Raises:
        ApiError: It is of another type, or Telegram would refuse it.
    """
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: Object expected")
    reference = str(item.get("media", ""))
    if not reference:
        raise bad_request("can't parse InputMedia: media not found")
    upload = params.attached(reference) if reference.startswith("attach://") else None
    caption = caption_fields(read_caption(Params(item)))
    match item.get("type"):
        case "photo":
            return {**_photo_content(telegram, upload, reference), **caption}
        case "document":
            return {**_document_content(telegram, upload, reference), **caption}
    raise bad_request("can't parse InputMedia: type must be photo or document in this server")


def get_file(telegram: Telegram, params: Params) -> JsonObject:
    """Return a file with a path for its download."""
    stored = telegram.files.get(params.text("file_id"))
    return {**stored.to_json(), "file_path": telegram.files.open_link(stored)}


def _photo_content(telegram: Telegram, upload: Upload | None, reference: str) -> JsonObject:
    if upload is None:
        stored = _known_file(telegram, reference, "photo")
    else:
        _check_upload(upload)
        check_photo(upload.content)
        stored = telegram.files.add("photos", upload.content, "photo.jpg", "image/jpeg")
    width, height = check_photo(stored.content)
    return {"photo": [{**stored.to_json(), "width": width, "height": height}]}


def _document_content(telegram: Telegram, upload: Upload | None, reference: str) -> JsonObject:
    if upload is None:
        return {"document": document_json(telegram, _known_file(telegram, reference, "document"))}
    _check_upload(upload)
    name = upload.file_name or "file"
    mime_type = mimetypes.guess_type(name)[0] or upload.mime_type or "application/octet-stream"
    stored = telegram.files.add("documents", upload.content, name, mime_type)
    return {"document": document_json(telegram, stored)}


def document_json(telegram: Telegram, stored: StoredFile) -> JsonObject:
    """Return the Document object of the Bot API; a picture gets a thumbnail."""
    document = {
        "file_name": stored.file_name,
        "mime_type": stored.mime_type,
        **stored.to_json(),
    }
    if stored.mime_type.startswith("image/") and (small := preview(stored.content)):
        thumbnail = telegram.files.add("thumbnails", small.content, "thumb.jpg", "image/jpeg")
        document["thumbnail"] = {
            **thumbnail.to_json(),
            "width": small.width,
            "height": small.height,
        }
    return document


def _known_file(telegram: Telegram, reference: str, what: str) -> StoredFile:
    if not reference:
        raise bad_request(f"there is no {what} in the request")
    if reference.startswith(("http://", "https://", "attach://")):
        # A server of this machine fetches nothing from elsewhere.
        raise bad_request("wrong file identifier/HTTP URL specified")
    stored = telegram.files.find(reference)
    if stored is None:
        raise bad_request("wrong remote file identifier specified: Wrong padding in the string")
    return stored


def _check_upload(upload: Upload) -> None:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large")

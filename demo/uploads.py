"""Take photos, files and voice notes that the page sends."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from demo.botapi.files.photos import NotAPictureError, shrink_photo
from demo.botapi.requests.params import Params, Upload
from demo.botapi.world import Chat, JsonObject, Message, User
from demo.page_requests import ActionError, find_author, find_reply, read_written
from demo.simulation import Simulation

ALBUM_MAX = 10


@dataclass(frozen=True, slots=True)
class _Sending:
    """One upload on its way into a chat."""

    simulation: Simulation
    user: User
    chat: Chat
    caption: str
    reply: Message | None


async def send_upload(simulation: Simulation, params: Params) -> JsonObject:
    """Send the files of a request as photos, as files or as a voice note.

    Several become one album, and the caption goes with the first. A refused picture leaves the
    others alone: the answer counts the sent ones and names each refused one by its position.

    Raises:
        ActionError: No file came, or the caption is too long.
    """
    user, chat = find_author(simulation, params.values)
    caption = read_written({"text": params.values.get("caption")}, is_caption=True)
    sending = _Sending(simulation, user, chat, caption, find_reply(chat, params.values))
    # An album holds ten; the page offers no more.
    uploads = list(params.uploads.values())[:ALBUM_MAX]
    if not uploads:
        raise ActionError("no file came with this")
    refused: dict[int, str] = {}
    match params.values.get("as"):
        case "voice":
            _send_voice(sending, uploads[0], params.integer("duration", 1))
        case "photo":
            refused = await asyncio.to_thread(_find_refused, uploads)
            _send_photos(sending, [u for at, u in enumerate(uploads) if at not in refused])
        case _:
            simulation.files(user, chat, uploads, caption=caption, reply_to=sending.reply)
    reasons = [{"position": position, "reason": reason} for position, reason in refused.items()]
    return {"sent": len(uploads) - len(refused), "refused": reasons}


def _send_voice(sending: _Sending, upload: Upload, seconds: int) -> None:
    if not upload.content:
        raise ActionError("nothing was recorded")
    sending.simulation.voice(
        sending.user,
        sending.chat,
        upload,
        duration_seconds=max(1, seconds),
        reply_to=sending.reply,
    )


def _send_photos(sending: _Sending, uploads: Sequence[Upload]) -> None:
    sim, user, chat = sending.simulation, sending.user, sending.chat
    caption, reply = sending.caption, sending.reply
    contents = [upload.content for upload in uploads]
    if len(contents) > 1:
        sim.album(user, chat, contents, caption=caption, reply_to=reply)
    elif contents:
        sim.photo(user, chat, contents[0], caption=caption, reply_to=reply)


def _find_refused(uploads: Sequence[Upload]) -> dict[int, str]:
    """Return why some files are not photos, by position.

    Runs off the event loop, because decoding takes long; the simulation finds the result cached.
    """
    refused = {}
    for position, upload in enumerate(uploads):
        try:
            shrink_photo(upload.content)
        except NotAPictureError:
            refused[position] = f"{upload.file_name} cannot be opened as a picture"
    return refused

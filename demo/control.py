"""What the page can do: write, send files, press, edit, move the clock, add chats.

JSON in, JSON out, under `/demo/`. A wish that cannot be fulfilled answers 400 with the reason.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from demo.botapi.errors import ApiError
from demo.botapi.files.photos import NotAPictureError, shrink_photo
from demo.botapi.formatting.formatted import TEXT_MAX
from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.requests.params import Upload, read_body
from demo.botapi.world import PRESENT, Chat, JsonObject, Message, User
from demo.guard import Handler, guarded
from demo.samples import sample_path
from demo.simulation import Simulation
from demo.snapshot import clock_json, message_json, person_json, state_json
from demo.stream import send_events

ALBUM_MAX = 10
NAME_MAX = 64
CLOCK_STEP_MAX = timedelta(days=400)


class WishError(ValueError):
    """The page asked for something that is not possible; the text says why."""


@dataclass(frozen=True, slots=True)
class ControlRoutes:
    """The handlers behind the page."""

    simulation: Simulation

    def add_to(self, app: web.Application) -> None:
        """Put all routes into an application."""
        add = app.router.add_route
        add("GET", "/demo/state", guarded(self.state))
        add("GET", "/demo/events", guarded(self.events))
        add("GET", "/demo/samples/{name}", guarded(self.sample))
        for path, handler in (
            ("say", self.say),
            ("upload", self.upload),
            ("edit", self.edit),
            ("press", self.press),
            ("people", self.add_person),
            ("groups", self.add_group),
            ("clock", self.move_clock),
        ):
            add("POST", f"/demo/{path}", guarded(_answering_wishes(handler)))

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Everything the page shows."""
        return web.json_response(state_json(self.simulation))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens from now on."""
        return await send_events(request, self.simulation)

    async def sample(self, request: web.Request) -> web.StreamResponse:
        """A sample receipt."""
        path = sample_path(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Write a text."""
        wish = await request.json()
        user, chat = self._writer(wish)
        text = _text(wish, "text")
        message = self.simulation.say(user, chat, text, reply_to=self._reply(chat, wish))
        return web.json_response(message_json(message))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Send one or more pictures or files; one that is refused leaves the others alone.

        The caption goes with the first that is sent. The answer counts what was sent and names
        what was refused by its position and with the reason.
        """
        params = await read_body(request)
        user, chat = self._writer(params.values)
        caption = str(params.values.get("caption") or "").strip()
        uploads = list(params.uploads.values())[:ALBUM_MAX]
        if not uploads:
            raise WishError("no file came with this")
        is_photo = params.values.get("as") == "photo"
        refused = await asyncio.to_thread(_refusals, uploads) if is_photo else {}
        taken = [upload for position, upload in enumerate(uploads) if position not in refused]
        reply = self._reply(chat, params.values)
        if is_photo and len(taken) > 1:
            contents = [upload.content for upload in taken]
            self.simulation.album(user, chat, contents, caption=caption)
        else:
            for position, upload in enumerate(taken):
                own_caption = "" if position else caption
                self._send_one(user, chat, upload, own_caption, reply, is_photo=is_photo)
        told = [{"position": position, "reason": reason} for position, reason in refused.items()]
        return web.json_response({"sent": len(taken), "refused": told})

    def _send_one(
        self,
        user: User,
        chat: Chat,
        upload: Upload,
        caption: str,
        reply: Message | None,
        *,
        is_photo: bool,
    ) -> None:
        if is_photo:
            self.simulation.photo(user, chat, upload.content, caption=caption, reply_to=reply)
            return
        self.simulation.document(
            user,
            chat,
            upload.content,
            file_name=upload.file_name,
            mime_type=upload.mime_type,
            caption=caption,
            reply_to=reply,
        )

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """Change an own message."""
        wish = await request.json()
        message = self._message(wish)
        if message.sender_id == self.simulation.bot.id:
            raise WishError("only your own messages can be changed")
        return web.json_response(message_json(self.simulation.edit(message, _text(wish, "text"))))

    async def press(self, request: web.Request) -> web.StreamResponse:
        """Press an inline button."""
        wish = await request.json()
        user, _ = self._writer(wish)
        message = self._message(wish)
        try:
            place = (int(wish["row"]), int(wish["column"]))
            press = self.simulation.press(user, message, place)
        except LookupError as error:
            raise WishError("this button is not there any more") from error
        return web.json_response({"query_id": press.query_id})

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        """Add a person with a private chat, or into a group."""
        wish = await request.json()
        user = self.simulation.add_user(
            _name(wish, "name"), language_code=str(wish.get("language_code") or "en")[:8]
        )
        if wish.get("chat_id"):
            self.simulation.join(user, self._chat(wish))
        else:
            self.simulation.private_chat(user)
        return web.json_response(person_json(user))

    async def add_group(self, request: web.Request) -> web.StreamResponse:
        """Add a group with the named people and the bot."""
        wish = await request.json()
        title = _name(wish, "title")
        ids = wish.get("user_ids") or []
        known = self.simulation.telegram.world.users
        members = [known[user_id] for user_id in ids if user_id in known]
        if not members:
            raise WishError("a group needs at least one person")
        chat = self.simulation.add_group(title, members)
        return web.json_response({"chat_id": chat.id})

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        """Move the demo's clock by a number of seconds."""
        wish = await request.json()
        step = timedelta(seconds=float(wish.get("seconds") or 0))
        if abs(step) > CLOCK_STEP_MAX:
            raise WishError("the clock moves by at most 400 days at a time")
        self.simulation.advance(step)
        return web.json_response(clock_json(self.simulation))

    def _chat(self, wish: JsonObject) -> Chat:
        try:
            return self.simulation.chat(int(wish["chat_id"]))
        except (KeyError, TypeError, ValueError) as error:
            raise WishError("there is no such chat") from error

    def _writer(self, wish: JsonObject) -> tuple[User, Chat]:
        chat = self._chat(wish)
        user = self.simulation.telegram.world.users.get(int(wish.get("user_id") or 0))
        is_there = user is not None and (
            chat.user is user or chat.members.get(user.id, "left") in PRESENT
        )
        if user is None or user.is_bot or not is_there:
            raise WishError("this person is not in this chat")
        return user, chat

    def _message(self, wish: JsonObject) -> Message:
        message = self._chat(wish).history.get(int(wish.get("message_id") or 0))
        if message is None:
            raise WishError("this message is not there any more")
        return message

    def _reply(self, chat: Chat, wish: JsonObject) -> Message | None:
        return chat.history.get(int(wish.get("reply_to") or 0))


def _answering_wishes(handler: Handler) -> Handler:
    """Turn a wish that cannot be fulfilled into an answer that says why."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (WishError, ApiError) as error:
            return web.json_response({"error": str(error)}, status=400)
        except (ValueError, TypeError, AttributeError):
            return web.json_response({"error": "this request makes no sense"}, status=400)

    return answer


def _text(wish: JsonObject, name: str) -> str:
    text = str(wish.get(name) or "").strip()
    if not text:
        raise WishError("there is nothing to send")
    if utf16_length(text) > TEXT_MAX:
        reason = f"a message holds at most {TEXT_MAX} characters"
        raise WishError(reason)
    return text


def _name(wish: dict[str, Any], name: str) -> str:
    given = str(wish.get(name) or "").strip()[:NAME_MAX]
    if not given:
        raise WishError("a name is needed")
    return given


def _refusals(uploads: list[Upload]) -> dict[int, str]:
    """Why some are no photos, by position.

    Decodes them ahead of sending, off the event loop; the result is remembered.
    """
    refused = {}
    for position, upload in enumerate(uploads):
        try:
            shrink_photo(upload.content)
        except NotAPictureError:
            refused[position] = f"{upload.file_name} cannot be opened as a picture"
    return refused

"""Serve the page's actions over HTTP, such as writing, pressing or moving the clock.

JSON in and JSON out under `/demo/`. An action that is not possible answers 400 with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from demo.botapi.requests.params import read_body
from demo.botapi.world import ADMINS, JsonObject, Message, User
from demo.guard import Handler, guarded
from demo.mini_apps import open_mini_app
from demo.page_requests import (
    ActionError,
    answer_refusals,
    find_author,
    find_chat,
    find_message,
    find_reply,
    read_degrees,
    read_name,
    read_written,
)
from demo.samples import sample_path
from demo.simulation import Simulation
from demo.snapshot import clock_json, message_json, person_json, state_json
from demo.stream import send_events
from demo.uploads import send_upload

CLOCK_STEP_MAX = timedelta(days=400)
EDIT_WINDOW_SECONDS = 48 * 3600
"""Apps let a person edit a message for two days."""


@dataclass(frozen=True, slots=True)
class ControlRoutes:
    """The handlers behind the page."""

    simulation: Simulation

    def add_to(self, app: web.Application) -> None:
        """Add every route to an application."""
        add = app.router.add_route
        add("GET", "/demo/state", guarded(self.state))
        add("GET", "/demo/events", guarded(self.events))
        add("GET", "/demo/samples/{name}", guarded(self.sample))
        for path, handler in self._actions().items():
            add("POST", f"/demo/{path}", guarded(answer_refusals(handler)))

    def _actions(self) -> dict[str, Handler]:
        return {
            "say": self.say,
            "upload": self.upload,
            "location": self.send_location,
            "edit": self.edit,
            "delete": self.delete,
            "press": self.press,
            "people": self.add_person,
            "groups": self.add_group,
            "clock": self.move_clock,
            "mini_app": self.open_mini_app,
        }

    async def open_mini_app(self, request: web.Request) -> web.StreamResponse:
        """Return the address that opens the page of a button for a person."""
        body = await request.json()
        user, _ = find_author(self.simulation, body)
        address = open_mini_app(self.simulation, user, str(body["url"]), body.get("theme"))
        return web.json_response({"address": address})

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Return everything that the page shows."""
        return web.json_response(state_json(self.simulation))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream every event from now on."""
        return await send_events(request, self.simulation)

    async def sample(self, request: web.Request) -> web.StreamResponse:
        """Return a sample receipt."""
        path = sample_path(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Send a text."""
        body = await request.json()
        user, chat = find_author(self.simulation, body)
        text = read_written(body)
        message = self.simulation.say(user, chat, text, reply_to=find_reply(chat, body))
        return web.json_response(message_json(message))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Send pictures, files or a voice note; see `send_upload`."""
        return web.json_response(await send_upload(self.simulation, await read_body(request)))

    async def send_location(self, request: web.Request) -> web.StreamResponse:
        """Send a place."""
        body = await request.json()
        user, chat = find_author(self.simulation, body)
        latitude, longitude = (
            read_degrees(body, "latitude", 90),
            read_degrees(body, "longitude", 180),
        )
        reply = find_reply(chat, body)
        message = self.simulation.location(user, chat, latitude, longitude, reply_to=reply)
        return web.json_response(message_json(message))

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """Change the text or caption of one's own message."""
        body = await request.json()
        user, chat = find_author(self.simulation, body)
        message = find_message(chat, body)
        self._check_editable(message, user)
        text = read_written(body, is_caption="text" not in message.data)
        # Apps send nothing when nothing was changed.
        if text != message.text:
            self.simulation.edit(message, text)
        return web.json_response(message_json(message))

    def _check_editable(self, message: Message, user: User) -> None:
        if message.sender_id != user.id or "forward_origin" in message.data:
            raise ActionError("only your own messages can be changed")
        if "text" not in message.data and message.media is None:
            raise ActionError("this message has no text that could be changed")
        if self.simulation.clock.seconds() - message.data["date"] > EDIT_WINDOW_SECONDS:
            raise ActionError("a message can be changed for 48 hours")

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Delete a message for everybody; bots are not told, as on Telegram."""
        body = await request.json()
        user, chat = find_author(self.simulation, body)
        message = find_message(chat, body)
        may_delete = message.sender_id == user.id or chat.members.get(user.id) in ADMINS
        if chat.is_group and not may_delete:
            raise ActionError("only administrators delete messages of others")
        self.simulation.delete(message)
        return web.json_response({"message_id": message.message_id})

    async def press(self, request: web.Request) -> web.StreamResponse:
        """Press an inline button."""
        body = await request.json()
        user, chat = find_author(self.simulation, body)
        message = find_message(chat, body)
        try:
            place = (int(body["row"]), int(body["column"]))
            press = self.simulation.press(user, message, place)
        except LookupError as error:
            raise ActionError("this button no longer exists") from error
        return web.json_response({"query_id": press.query_id})

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        """Add a person with a private chat, or into a group."""
        body = await request.json()
        user = self.simulation.add_user(
            read_name(body, "name"), language_code=str(body.get("language_code") or "en")[:8]
        )
        if body.get("chat_id"):
            self.simulation.join(user, find_chat(self.simulation, body))
        else:
            self.simulation.private_chat(user)
        return web.json_response(person_json(user))

    async def add_group(self, request: web.Request) -> web.StreamResponse:
        """Add a group with the named people and the bot."""
        body = await request.json()
        title = read_name(body, "title")
        chat = self.simulation.add_group(title, self._named_people(body))
        return web.json_response({"chat_id": chat.id})

    def _named_people(self, body: JsonObject) -> list[User]:
        known = self.simulation.telegram.world.users
        people = [known[user_id] for user_id in body.get("user_ids") or [] if user_id in known]
        if not people:
            raise ActionError("a group needs at least one person")
        return people

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        """Move the demo's clock by a number of seconds."""
        body = await request.json()
        step = timedelta(seconds=float(body.get("seconds") or 0))
        if abs(step) > CLOCK_STEP_MAX:
            raise ActionError("the clock moves by at most 400 days at a time")
        self.simulation.advance(step)
        return web.json_response(clock_json(self.simulation))

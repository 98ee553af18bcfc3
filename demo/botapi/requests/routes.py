"""Serve the Bot API's routes `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass

import orjson
from aiohttp import web

from demo.botapi.errors import ApiError
from demo.botapi.files.downloads import send_file
from demo.botapi.requests.params import Params, read_body
from demo.botapi.requests.registry import METHODS, OLDER_PARAMETERS, Method
from demo.botapi.requests.request_log import Request, RequestLog
from demo.botapi.telegram import Telegram
from demo.events import Event
from demo.faults import FaultPlan

_NOT_FOUND = ApiError(404, "Not Found")
_NO_METHOD = ApiError(404, "Not Found: method not found")
_UNAUTHORIZED = ApiError(401, "Unauthorized")
_INTERNAL = ApiError(502, "Bad Gateway")


@dataclass(frozen=True, slots=True)
class BotApiRoutes:
    """The HTTP handlers of a bot's server."""

    telegram: Telegram
    faults: FaultPlan
    log: RequestLog

    def add_to(self, app: web.Application) -> None:
        """Add both routes to an application."""
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        app.router.add_get("/file/bot{token}/{path:.+}", self.download)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Run a method call, with faults where some are planned."""
        if not self.faults.is_quiet or self.faults.latency_seconds:
            return await self._call_with_faults(request)
        return _respond(await self._perform(request))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send a file."""
        if self.faults.latency_seconds:
            await asyncio.sleep(self.faults.latency_seconds)
        if self.faults.is_down:
            return _cut(request)
        error = self._check_token(request.match_info["token"])
        stored = self.telegram.files.find_link(request.match_info["path"])
        if error or stored is None:
            return _respond(error or _NOT_FOUND)
        return await send_file(request, stored, self.faults.take_file_fault())

    async def _call_with_faults(self, request: web.Request) -> web.StreamResponse:
        faults = self.faults
        if faults.latency_seconds:
            await asyncio.sleep(faults.latency_seconds)
        name = request.match_info["method"].lower()
        fault = faults.draw(name)
        if fault in ("error", "reset", "timeout"):
            self._note(METHODS.get(name), Params({}), 0, fault)
        match fault:
            case "error":
                return _respond(_INTERNAL)
            case "reset":
                return _cut(request)
            case "timeout":
                await asyncio.sleep(faults.timeout_seconds)
                return _cut(request)
            case "lost_answer":
                await self._perform(request)
                return _cut(request)
        return _respond(await self._perform(request))

    async def _perform(self, request: web.Request) -> object:
        """Return the result of a call, or the error that refuses it."""
        method, params = None, Params({})
        try:
            if error := self._check_token(request.match_info["token"]):
                return error
            params = await _read(request)
            method = METHODS.get(request.match_info["method"].lower())
            if method is None:
                return _NO_METHOD
            if self.faults.refusals:
                planned = self.faults.take_refusal(method.name.lower(), params.integer("chat_id"))
                if planned:
                    raise planned
            result = method.handler(self.telegram, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            self._note(method, params, error.status, error.description)
            return error
        self._note(method, params, 200, "")
        return {"ok": True, "result": self._without_sizes(result)}

    def _check_token(self, token: str) -> ApiError | None:
        if token == self.telegram.token:
            return None
        number, colon, secret = token.partition(":")
        # The real server answers 401 to a token of the right form and 404 to anything else.
        return _UNAUTHORIZED if number.isdigit() and colon and secret else _NOT_FOUND

    def _note(self, method: Method | None, params: Params, status: int, description: str) -> None:
        known = method.parameters | OLDER_PARAMETERS if method else frozenset[str]()
        unknown = tuple(sorted(params.values.keys() - known)) if method else ()
        request = Request(
            method.name if method else "",
            params.integer("chat_id"),
            params.values,
            status,
            description,
            self.telegram.clock.seconds(),
            tuple(name for name in unknown if name not in params.uploads),
        )
        self.log.add(request)
        # Polls come all the time, and nobody waits for one.
        if request.method != "getUpdates":
            data = {"method": request.method, "status": status, "description": description}
            self.telegram.events.publish(Event("request", request.chat_id, data=data))

    def _without_sizes(self, result: object) -> object:
        return drop_file_sizes(result) if self.faults.is_file_size_hidden else result


async def _read(request: web.Request) -> Params:
    try:
        return await read_body(request)
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error


def drop_file_sizes(value: object) -> object:
    """Return an answer without any `file_size`."""
    if isinstance(value, dict):
        return {key: drop_file_sizes(item) for key, item in value.items() if key != "file_size"}
    if isinstance(value, list):
        return [drop_file_sizes(item) for item in value]
    return value


def _respond(result: object) -> web.Response:
    status = 200
    headers = None
    if isinstance(result, ApiError):
        status = result.status
        if result.parameters and "retry_after" in result.parameters:
            headers = {"Retry-After": str(result.parameters["retry_after"])}
        result = result.to_json()
    body = orjson.dumps(result)
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _cut(request: web.Request) -> web.Response:
    """Close the connection; the returned response is never sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

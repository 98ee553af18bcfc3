"""A strict stand-in for OpenAI's interface, over real HTTP.

It refuses what OpenAI refuses (a schema that is not strict, a request without a limit of tokens, a
missing key) and answers as it is told to: well, late, wrong, cut, hijacked, without end, and so on.

async with open_stub() as stub:
    stub.says(well({"receipts": []}))
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jsonschema
from aiohttp import web
from PIL import Image

from tests.cloud.streams import pour

KEY = "sk-test-canary-0123456789"
SPEECH = "gpt-transcribe"
_KEYWORDS = {
    "$defs", "$ref", "additionalProperties", "anyOf", "const", "description", "enum", "items",
    "properties", "required", "title", "type",
}  # fmt: skip
_OUTPUT_MAX = 4000
_INPUT_CHARACTERS_MAX = 12_000
_SIDE_MAX = 1536

Answer = Callable[[web.Request, "Call"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in."""

    path: str
    body: dict[str, Any]
    words: str
    """Every text of the request."""
    schema: dict[str, Any] | None
    picture: bytes | None


@dataclass(slots=True)
class Stub:
    """The server; `calls` are the requests that were well-formed, `faults` what was not."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    models: tuple[str, ...] = ("gpt-5.4-mini", SPEECH)
    knows_responses: bool = True
    _answers: list[Answer] = field(default_factory=list)

    def says(self, *answers: Answer) -> None:
        """Answer the next requests so; the last answer goes on for ever."""
        self._answers[:] = answers

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Answer `/responses` and `/chat/completions`."""
        if request.path.endswith("/responses") and not self.knows_responses:
            return _error(404, "unknown_url")
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_api_key")
        body = await request.json()
        try:
            call = _checked(request.path, body)
        except AssertionError as error:
            self.faults.append(str(error))
            return _error(400, "invalid_request_error", str(error))
        self.calls.append(call)
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return await answer(request, call)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        """Answer `/audio/transcriptions`."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_api_key")
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        call = Call(request.path, {**fields, "name": file.filename}, "", None, file.file.read())
        self.calls.append(call)
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return await answer(request, call)

    async def list_models(self, request: web.Request) -> web.StreamResponse:
        """Answer `/models`."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return _error(401, "invalid_api_key")
        data = [
            {"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in self.models
        ]
        return web.json_response({"object": "list", "data": data})


@asynccontextmanager
async def open_stub() -> AsyncIterator[Stub]:
    """Serve on a free port of this machine."""
    stub = Stub()
    app = web.Application(client_max_size=32 << 20)
    app.router.add_post("/v1/responses", stub.ask)
    app.router.add_post("/v1/chat/completions", stub.ask)
    app.router.add_post("/v1/audio/transcriptions", stub.hear)
    app.router.add_get("/v1/models", stub.list_models)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield stub
    finally:
        await runner.cleanup()


# --- answers --------------------------------------------------------------------------------------


def well(value: object, *, read: int = 900, written: int = 120) -> Answer:
    """Answer in the form that was asked for; a value that does not fit it is the test's mistake."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        if call.schema is None:
            return web.json_response({"text": value})
        jsonschema.validate(value, call.schema)
        return _spoken(call, json.dumps(value), read, written)

    return answer


def raw(text: str, *, finished: bool = True) -> Answer:
    """Answer with any text: a hijacked model's, one of another form, one cut off."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        return _spoken(call, text, 900, 120, finished=finished)

    return answer


def cut(value: object) -> Answer:
    """Answer with JSON that ends in the middle, as at the limit of tokens."""
    text = json.dumps(value)
    return raw(text[: len(text) // 2], finished=False)


def late(seconds: float, then: Answer) -> Answer:
    """Answer after a while."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await then(request, call)

    return answer


def refused(status: int, code: str = "", **headers: str) -> Answer:
    """Answer with an error."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        response = _error(status, code)
        response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return response

    return answer


def page(status: int = 200) -> Answer:
    """Answer with a web page, as a proxy in between does."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        text = "<!DOCTYPE html><html><body><h1>Welcome to the airport's Wi-Fi</h1></body></html>"
        return web.Response(status=status, text=text, content_type="text/html")

    return answer


def empty() -> Answer:
    """Answer with nothing."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        return web.Response(body=b"", content_type="application/json")

    return answer


def declined() -> Answer:
    """Answer that it would rather not."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        return _spoken(call, "", 900, 5, refusal="I can't help with that.")

    return answer


def endless(*, pause_seconds: float = 0.0) -> Answer:
    """Answer without an end, as fast as it goes or one piece at a time."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        return await pour(request, "application/json", pause_seconds=pause_seconds)

    return answer


def dropped() -> Answer:
    """Close the connection without an answer."""

    async def answer(request: web.Request, call: Call) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return answer


# --- what OpenAI would refuse ---------------------------------------------------------------------


def _checked(path: str, body: dict[str, Any]) -> Call:
    """Return a request that OpenAI would take. Raises `AssertionError` for any other."""
    assert isinstance(body.get("model"), str), "model"
    assert not body.get("stream"), "nothing here reads streams"
    assert "user" not in body, "no ids of people"
    assert "metadata" not in body, "no ids of people"
    if path.endswith("/responses"):
        limit, form = body.get("max_output_tokens"), body["text"]["format"]
        assert body.get("store") is False, "nothing is to be stored over there"
        schema = form["schema"]
        assert form["type"] == "json_schema", "a form"
        texts, pictures = _parts(body["input"], "input_text", "input_image")
        texts.append(body["instructions"])
    else:
        limit = body.get("max_tokens") or body.get("max_completion_tokens")
        form = body["response_format"]["json_schema"]
        assert body["response_format"]["type"] == "json_schema", "a form"
        schema = form["schema"]
        texts, pictures = _parts(body["messages"], "text", "image_url")
    assert form["strict"] is True, "a strict form"
    assert isinstance(limit, int), "a limit of tokens"
    assert 0 < limit <= _OUTPUT_MAX, "a sensible limit of tokens"
    _check_schema(schema)
    words = "\n".join(texts)
    assert len(words) <= _INPUT_CHARACTERS_MAX, "bounded words"
    assert len(pictures) <= 1, "one picture"
    for picture in pictures:
        _check_picture(picture)
    return Call(path, body, words, schema, pictures[0] if pictures else None)


def _parts(messages: list[Any], text: str, image: str) -> tuple[list[str], list[bytes]]:
    texts: list[str] = []
    pictures: list[bytes] = []
    for message in messages:
        assert message["role"] in {"system", "user"}, "roles"
        content = message["content"]
        for part in [{"type": text, "text": content}] if isinstance(content, str) else content:
            assert part["type"] in {text, image}, "parts"
            if part["type"] == text:
                texts.append(part["text"])
            else:
                url = part["image_url"]
                url = url if isinstance(url, str) else url["url"]
                assert url.startswith("data:image/jpeg;base64,"), "a picture inside the request"
                pictures.append(base64.b64decode(url.partition(",")[2], validate=True))
    return texts, pictures


def _check_schema(schema: dict[str, Any]) -> None:
    """OpenAI's rules of strict schemas: closed objects, every property required, few keywords."""
    assert schema.get("type") == "object", "the root is an object"
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        unknown = set(node) - _KEYWORDS
        assert not unknown, f"keywords that strict schemas lack: {unknown}"
        if node.get("type") == "object":
            assert node.get("additionalProperties") is False, "closed objects"
            assert set(node.get("required", ())) == set(node["properties"]), "all required"
        waiting += list(node.get("properties", {}).values())
        waiting += list(node.get("$defs", {}).values())
        waiting += node.get("anyOf", [])
        waiting += [node["items"]] if "items" in node else []


def _check_picture(data: bytes) -> None:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        assert max(image.size) <= _SIDE_MAX, "a picture no larger than needed"
        assert not image.getexif(), "no metadata"


def _spoken(
    call: Call, text: str, read: int, written: int, *, finished: bool = True, refusal: str = ""
) -> web.Response:
    """The envelope of an answer, in the way that was asked."""
    if call.path.endswith("/responses"):
        part = (
            {"type": "refusal", "refusal": refusal}
            if refusal
            else {"type": "output_text", "text": text, "annotations": []}
        )
        body = {
            "id": "resp_1", "object": "response", "created_at": 0, "model": call.body["model"],
            "status": "completed" if finished else "incomplete",
            "incomplete_details": None if finished else {"reason": "max_output_tokens"},
            "error": None, "instructions": None, "metadata": {}, "temperature": 1, "top_p": 1,
            "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
            "output": [{
                "type": "message", "id": "msg_1", "role": "assistant",
                "status": "completed" if finished else "incomplete", "content": [part],
            }],
            "usage": {
                "input_tokens": read, "output_tokens": written, "total_tokens": read + written,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }  # fmt: skip
        return web.json_response(body)
    message = {
        "role": "assistant",
        "content": None if refusal else text,
        "refusal": refusal or None,
    }
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": call.body["model"],
        "choices": [{
            "index": 0, "message": message, "logprobs": None,
            "finish_reason": "stop" if finished else "length",
        }],
        "usage": {
            "prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written
        },
    }  # fmt: skip
    return web.json_response(body)


def _error(status: int, code: str, message: str = "no") -> web.Response:
    error = {"message": message, "type": code, "param": None, "code": code or None}
    return web.json_response({"error": error}, status=status)

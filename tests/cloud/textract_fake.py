"""A Textract of our own over real HTTP, judged by botocore's own model of the service.

Requests must be signed rightly (SigV4 is computed again with botocore's signer) and fit the input
shapes; answers are checked against the output shapes before they go out. Documents must be what
Textract takes: JPEG or PNG, at most 5 MB and 10,000 pixels a side.

async with open_textract() as fake:
    fake.says(expense(example))
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import botocore.session
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from PIL import Image

from ports.aws import AwsAccess
from tests.cloud.streams import pour

KEY_ID = "AKIATESTCANARY000000"
SECRET = "secret/canary+key/0123456789012345678901"
REGION = "eu-west-1"
_BYTES_MAX = 5 << 20
_SIDE_MAX = 10_000

Answer = Callable[[web.Request, "Asked"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its operation and arguments, a document's bytes decoded."""

    operation: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class FakeTextract:
    """The server; `calls` are those that were signed and well-formed, `faults` what was not."""

    url: str = ""
    calls: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _answers: list[Answer] = field(default_factory=list)

    def says(self, *answers: Answer) -> None:
        """Answer the next calls so; the last answer goes on for ever."""
        self._answers[:] = answers

    @property
    def access(self) -> AwsAccess:
        """How a reader reaches it."""
        return AwsAccess(REGION, self.url, KEY_ID, SECRET)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a call."""
        body = await request.read()
        if not _is_signed(request, body):
            return error("InvalidSignatureException", 403)
        operation = request.headers["x-amz-target"].partition(".")[2]
        try:
            asked = Asked(operation, _checked(operation, json.loads(body)))
        except AssertionError as fault:
            self.faults.append(str(fault))
            return error("InvalidParameterException")
        self.calls.append(asked)
        if not self._answers:
            return error("InvalidJobIdException")
        answer = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        return await answer(request, asked)


@asynccontextmanager
async def open_textract() -> AsyncIterator[FakeTextract]:
    """Serve on a free port of this machine."""
    fake = FakeTextract()
    app = web.Application(client_max_size=16 << 20)
    app.router.add_post("/", fake.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()


# --- answers --------------------------------------------------------------------------------------


def gives(output: dict[str, Any]) -> Answer:
    """Answer with an output; one that botocore's shapes do not allow is the test's mistake."""

    async def answer(request: web.Request, asked: Asked) -> web.StreamResponse:
        shape = load_model().operation_model(asked.operation).output_shape
        report = ParamValidator().validate(output, shape)
        assert not report.has_errors(), report.generate_report()
        return _json(output)

    return answer


def fails(code: str, status: int = 400) -> Answer:
    """Answer with an error of the service."""

    async def answer(request: web.Request, asked: Asked) -> web.StreamResponse:
        return error(code, status)

    return answer


def malformed(body: str, status: int = 200) -> Answer:
    """Answer with any body."""

    async def answer(request: web.Request, asked: Asked) -> web.StreamResponse:
        return web.Response(status=status, text=body, content_type="application/x-amz-json-1.1")

    return answer


def hangs(seconds: float) -> Answer:
    """Answer with nothing for a while, then with an empty output."""

    async def answer(request: web.Request, asked: Asked) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return _json({})

    return answer


def endless(*, pause_seconds: float = 0.0) -> Answer:
    """Answer without an end."""

    async def answer(request: web.Request, asked: Asked) -> web.StreamResponse:
        return await pour(request, "application/x-amz-json-1.1", pause_seconds=pause_seconds)

    return answer


def error(code: str, status: int = 400) -> web.Response:
    """The service's form of an error."""
    body = {"__type": f"com.amazonaws.textract#{code}", "Message": "CANARY-MESSAGE"}
    return _json(body, status)


# --- what AWS would refuse ------------------------------------------------------------------------


@cache
def load_model() -> ServiceModel:
    """botocore's own description of the service."""
    return botocore.session.get_session().get_service_model("textract")


def _checked(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments that Textract would take. Raises `AssertionError` for any other."""
    document = arguments.get("Document", {})
    if "Bytes" in document:
        document["Bytes"] = base64.b64decode(document["Bytes"], validate=True)
        _check_picture(document["Bytes"])
    shape = load_model().operation_model(operation).input_shape
    report = ParamValidator().validate(arguments, shape)
    assert not report.has_errors(), report.generate_report()
    return arguments


def _check_picture(data: bytes) -> None:
    assert len(data) <= _BYTES_MAX, "at most 5 MB"
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
        assert max(image.size) <= _SIDE_MAX, "at most 10,000 pixels a side"
        assert not image.getexif(), "no metadata leaves the machine"


def _is_signed(request: web.Request, body: bytes) -> bool:
    """Compute the signature again, over the same headers, time and body, and compare."""
    given = request.headers.get("authorization", "")
    if f"Credential={KEY_ID}/" not in given or "Signature=" not in given:
        return False
    signed = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    headers = {name: request.headers[name] for name in signed if name in request.headers}
    url = f"http://{request.headers['host']}{request.rel_url}"
    again = AWSRequest(request.method, url, headers=headers, data=body)
    again.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(KEY_ID, SECRET), "textract", REGION)
    string = signer.string_to_sign(again, signer.canonical_request(again))
    return given.endswith(f"Signature={signer.signature(string, again)}")


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(
        status=status, text=json.dumps(value), content_type="application/x-amz-json-1.1"
    )

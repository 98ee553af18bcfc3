"""Parse queries and bodies into models, or say which field is wrong and why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar

from aiohttp import web
from pydantic import ValidationError

from services.replaying import KEY_MAX, CallKey
from web.api.models.fields import Model
from web.api.problems import WrongField, wrong_fields
from web.api.routes import RawBody, Route
from web.bodies import read_body
from web.problems import ProblemError

JSON_BYTES_MAX = 64 << 10
ERRORS_MAX = 20

M = TypeVar("M", bound=Model)


def parse_query(request: web.Request, model: type[M]) -> M:
    """Return the parameters. Raises `ProblemError` (422)."""
    given: dict[str, str] = {}
    for name, value in request.query.items():
        # Either value could be meant, and to take one would be a guess.
        if name in given:
            raise wrong_fields([WrongField(name, "is given twice")])
        given[name] = value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise wrong_fields(_wrong_fields(error, pointer=False)) from None


@dataclass(eq=False)
class WrongBodyError(Exception):
    """Raised for a body with fields that no ledger takes."""

    wrong: list[WrongField]
    rest: Mapping[str, Any]
    """The fields that may be right, by which a handler finds further wrong ones."""


async def parse_body(request: web.Request, route: Route) -> Any:  # noqa: ANN401  # of the route's model
    """Return the body as the route's model, None for a file.

    Raises:
        ProblemError: 400, 408, 413 or 415.
        WrongBodyError: Some fields cannot be taken.
    """
    if route.body is None:
        return None
    # Files have bounds and slots of their own, which their handlers keep.
    if isinstance(route.body, RawBody):
        return None
    if request.content_type != "application/json":
        raise ProblemError(415, "not_json", "Send the body as application/json.")
    given = load_json(await read_body(request, JSON_BYTES_MAX))
    try:
        return route.body.model_validate(given)
    except ValidationError as error:
        wrong = {one["loc"][0] for one in error.errors() if one["loc"]}
        fields = given if isinstance(given, dict) else {}
        rest = {name: value for name, value in fields.items() if name not in wrong}
        raise WrongBodyError(_wrong_fields(error, pointer=True), rest) from None


def load_json(body: bytes) -> Any:  # noqa: ANN401  # JSON
    """Return JSON with exact numbers. Raises `ProblemError` (400)."""
    try:
        # Not orjson, which reads numbers as floats.
        return json.loads(
            body,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError, InvalidOperation):
        # The last one: a decimal whose exponent has too many digits.
        raise ProblemError(400, "malformed_json", "The body is not valid JSON.") from None


def read_key(request: web.Request, route: Route, body: object) -> CallKey | None:
    """Return the Idempotency-Key of a call. Raises `ProblemError` (422) for any other text."""
    key = request.headers.get("Idempotency-Key")
    if key is None or not route.is_idempotent:
        return None
    if not 1 <= len(key) <= KEY_MAX or not key.isascii() or not key.isprintable():
        detail = f"is 1 to {KEY_MAX} printable ASCII characters"
        raise wrong_fields([WrongField("Idempotency-Key", detail)])
    return CallKey(key, digest_call(request, body))


def digest_call(request: web.Request, body: object) -> str:
    """Return the digest of what a call asks for, whatever the spelling of its body."""
    asked = body.model_dump_json() if isinstance(body, Model) else str(body)
    # The digest of JSON in one order: the same fields in another order are the same call.
    named = f"{request.method}\n{request.path_qs}\n{asked}"
    return hashlib.sha256(named.encode()).hexdigest()


def _wrong_fields(error: ValidationError, *, pointer: bool) -> list[WrongField]:
    found: dict[str, str] = {}
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        place = "/".join(map(_escape, one["loc"]))
        found.setdefault(f"/{place}" if pointer else place, _sentence(one))
    return [WrongField(place, detail) for place, detail in list(found.items())[:ERRORS_MAX]]


def _sentence(error: Mapping[str, Any]) -> str:
    detail = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return "is not known here"
    if error["type"] == "missing":
        return "is missing"
    return detail[:1].lower() + detail[1:]


def _escape(part: str | int) -> str:
    # Bounded, since the name of an unknown field is whatever the caller wrote.
    return str(part)[:80].encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a name that stands twice, since either value could be meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found

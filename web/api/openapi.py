"""Describe the table of routes as an OpenAPI 3.1 document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from services.replaying import KEY_MAX
from web.api.models.fields import without_null
from web.api.models.problems import Problem
from web.api.routes import PREFIX, NoQuery, RawBody, Route

VERSION = "1"
ALWAYS = frozenset({401, 403, 404, 405, 429, 503})
"""Statuses that every route may answer."""

_REF = "#/components/schemas/{model}"
_ID = re.compile(r"{(\w+)}")
_ABOUT = """\
The ledger that a chat fills, for programs. Amounts are decimal text with an ISO 4217 code next to
them. Lists are `{items, next}`: pass `next` as `cursor` to go on. Errors are problem documents
(RFC 9457) whose `type` is a word to tell them by and whose `detail` says what to do.
"""
_WORDS = {
    200: "Done",
    201: "Created",
    202: "Taken, and worked on",
    204: "Done, nothing to say",
    304: "Not changed since this ETag",
    400: "Malformed",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not there, or not for this login",
    405: "Not a method of this address",
    408: "The body did not arrive in time",
    409: "The first call with this Idempotency-Key is in work",
    412: "Changed since this ETag",
    413: "Too large",
    415: "Another media type is needed",
    422: "Understood, and cannot be taken",
    429: "Too many requests",
    503: "Try again later",
}


_Wanted = tuple[type[BaseModel], JsonSchemaMode]
"""A model, and whether it is taken or shown."""


def describe(routes: Sequence[Route]) -> bytes:
    """Return the document as JSON."""
    return orjson.dumps(build_document(routes))


def build_document(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the document of a table of routes."""
    names, schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(route.path, {})
        operations[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kvitto", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}, {"telegram": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of `/settings` → API.",
                },
                "telegram": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`tma ` and the initData of a Mini App.",
                },
            },
            "headers": {"ETag": {"description": "The version", "schema": {"type": "string"}}},
            "responses": {
                str(status): _problem(status)
                for status in sorted(_WORDS)
                if status >= 400  # noqa: PLR2004
            },
        },
    }


def _schemas(
    routes: Sequence[Route],
) -> tuple[dict[_Wanted, Any], dict[str, Any]]:
    """Return the reference of each model, and the schemas that they refer to."""
    wanted: dict[_Wanted, None] = {(Problem, "serialization"): None}
    for route in routes:
        if isinstance(route.body, type):
            wanted[route.body, "validation"] = None
        if route.answer is not None:
            wanted[route.answer, "serialization"] = None
    references, document = models_json_schema(list(wanted), ref_template=_REF)
    names: dict[_Wanted, Any] = {key: references[key] for key in wanted}
    return names, _without_noise(document["$defs"])


def _without_noise(schema: Any) -> Any:  # noqa: ANN401  # JSON
    """Take out titles, and defaults that only say that a field may be left out."""
    if isinstance(schema, list):
        return [_without_noise(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _without_noise(one) for name, one in schema.items() if not _is_noise(name, one)}


def _is_noise(name: str, value: object) -> bool:
    # A property may be called title as well; then its value is a schema.
    return (name == "title" and isinstance(value, str)) or (name == "default" and value is None)


def _operation(route: Route, names: dict[_Wanted, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": f"Needs the scope `{route.scope.value}`.",
        "parameters": [*_path_parameters(route), *_query_parameters(route), *_headers(route)],
        "responses": {
            str(route.status): _success(route, names),
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in sorted(_problem_statuses(route))
            },
        },
    }
    if route.method == "GET" and route.answer is not None:
        found["responses"]["304"] = {"description": _WORDS[304]}
    if isinstance(route.body, RawBody):
        binary = {"schema": {"type": "string", "format": "binary"}}
        content = dict.fromkeys(route.body.media_types, binary)
        found["requestBody"] = {"required": True, "content": content}
    elif route.body is not None:
        schema = names[route.body, "validation"]
        found["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return found


def _path_parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in _ID.findall(route.path):
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"},
        }


def _query_parameters(route: Route) -> Iterator[dict[str, Any]]:
    schema = route.query.model_json_schema(ref_template=_REF)
    assert "$defs" not in schema, "parameters are plain"
    for name, field in schema.get("properties", {}).items():
        plain = without_null(field)
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": plain.pop("description", ""),
            "schema": plain,
        }


def _headers(route: Route) -> Iterator[dict[str, Any]]:
    if route.is_idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": KEY_MAX, "pattern": "^[!-~]+$"}
        about = "A repeat with the same key does nothing, and gets the same answer"
        yield {"name": "Idempotency-Key", "in": "header", "description": about, "schema": key}
    if route.has_etag and route.method != "GET":
        about = "Change it only while it has this ETag"
        text = {"type": "string"}
        yield {"name": "If-Match", "in": "header", "description": about, "schema": text}


def _success(route: Route, names: dict[_Wanted, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"description": _WORDS[route.status]}
    headers: dict[str, Any] = {}
    if route.has_etag and route.answer is not None:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if route.status in {201, 202}:
        headers["Location"] = {
            "description": "Where it is found",
            "required": True,
            "schema": {"type": "string"},
        }
    if headers:
        found["headers"] = headers
    if route.answer is not None:
        schema = names[route.answer, "serialization"]
        found["content"] = {"application/json": {"schema": schema}}
    elif route.status == 200:  # noqa: PLR2004
        binary = {"schema": {"type": "string", "format": "binary"}}
        found["content"] = dict.fromkeys(route.media_types, binary)
    return found


def _problem_statuses(route: Route) -> set[int]:
    found = ALWAYS | route.problems
    if route.query is not NoQuery or route.body is not None or route.is_idempotent:
        found |= {422}
    if route.body is not None:
        found |= {400, 408, 413, 415}
    if route.is_idempotent:
        found |= {409}
    if route.has_etag and route.method != "GET":
        found |= {412}
    return set(found)


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=Problem.__name__)}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": _WORDS[status], "content": content}

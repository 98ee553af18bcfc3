"""Define a row of the table of routes, and the reply of its handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ports.access import AccessScope
from web.api.calls import Call, Reply
from web.api.models.fields import Model
from web.api.problems import WrongField

PREFIX = "/api/v1"

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = Callable[[Call[Any, Any]], Awaitable[Reply]]
FindWrong = Callable[[Call[Any, Mapping[str, Any]]], Awaitable[list[WrongField]]]


class NoQuery(Model):
    """No parameters."""


@dataclass(frozen=True, slots=True)
class RawBody:
    """A body that is not JSON, by its media types; its handler reads it."""

    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API; the router and the OpenAPI document are made of these rows."""

    method: Method
    path: str
    """Below `PREFIX`; names in braces are ids."""
    scope: AccessScope
    handler: Handler
    summary: str
    query: type[Model] = NoQuery
    body: type[Model] | RawBody | None = None
    answer: type[Model] | None = None
    """None for an answer without JSON."""
    status: int = 200
    media_types: tuple[str, ...] = ("application/json",)
    problems: frozenset[int] = field(default_factory=frozenset)
    """Further statuses, next to those that every route may answer."""
    shows_secret: bool = False
    """The answer has a secret, so it is not kept for a repeat of the call."""
    find_wrong: FindWrong | None = None
    """Finds fields of a refused body that the ledger refuses, so that all are named at once."""
    has_etag: bool = False
    """The answer carries an ETag, and a change takes If-Match."""

    @property
    def is_idempotent(self) -> bool:
        """Return whether it takes an Idempotency-Key."""
        return self.method == "POST" and not self.shows_secret

    @property
    def name(self) -> str:
        """Return the id of the operation, which is the name of its handler."""
        return self.handler.__name__

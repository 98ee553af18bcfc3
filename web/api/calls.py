"""Give a handler its parsed call, and the ways to read and to write a ledger for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Generic, TypeVar

from aiohttp import web

from ports.access import AccessScope, Caller
from ports.programs.replays import KeptAnswer
from ports.repositories import Repositories
from ports.units import UnitOfWork
from replies.programs import Done, QuietChat, build_responder, show_quietly
from services.access.ledgers import AccessRequest, OpenLedger, open_ledger
from services.members import list_payers
from services.replaying import CallKey, claim_call, keep_answer
from services.scope import Scope
from web.api.models.fields import Model
from web.problems import ProblemError
from web.site import Backend

T = TypeVar("T")
Q = TypeVar("Q", bound=Model)
B = TypeVar("B")

JSON_TYPE = "application/json"
ETAG_BYTES = 12


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a handler."""

    value: Model | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    """JSON that is written already, where a model of each row would cost too much."""
    stream: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
    """Writes an answer that is not JSON."""

    def render(self) -> bytes:
        """Return the body."""
        return self.body if self.value is None else render_model(self.value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The reply of a change, and what the chat shall see of it."""

    reply: Reply
    shown: Done | None = None


@dataclass(frozen=True, slots=True)
class Call(Generic[Q, B]):
    """One parsed call of a caller that has the scope it needs."""

    backend: Backend
    request: web.Request
    caller: Caller
    needs: AccessScope
    now: datetime
    query: Q
    body: B
    key: CallKey | None = None
    """The Idempotency-Key that came with it."""

    def id(self, name: str) -> str:
        """Return an id of the path."""
        return self.request.match_info[name]

    def access(self, repositories: Repositories) -> AccessRequest:
        """Return the caller's request over the rows of a unit."""
        return AccessRequest(repositories, self.caller, self.now)

    async def read(self, work: Callable[[Scope], T]) -> T:
        """Read from the ledger of the path, in one snapshot outside of the writer."""
        return await self.backend.read(lambda found: work(self._open(found).scope))

    async def write(self, work: Callable[[Scope], Outcome]) -> Reply:
        """Change the ledger of the path in one unit, and show its chat what was done.

        A call whose Idempotency-Key came before does nothing and gets the same answer.
        """

        def show(unit: UnitOfWork, written: _Written) -> None:
            if written.outcome.shown is not None:
                responder = build_responder(unit, written.chat, self.backend.services)
                show_quietly(responder, written.outcome.shown)

        written = await self.backend.write(partial(self._write, work), show)
        return written.outcome.reply

    def check_match(self, current: Model) -> None:
        """Raise `ProblemError` (412) where If-Match names another version than the current one."""
        wanted = self.request.headers.get("If-Match")
        if wanted is None or wanted.strip() == "*":
            return
        if etag_of(render_model(current)) not in [one.strip() for one in wanted.split(",")]:
            detail = "It was changed meanwhile. Read it again, and send the change with its ETag."
            raise ProblemError(412, "changed_meanwhile", detail)

    def _open(self, repositories: Repositories) -> OpenLedger:
        return open_ledger(self.access(repositories), self.id("ledger_id"), self.needs)

    def _write(self, work: Callable[[Scope], Outcome], repositories: Repositories) -> _Written:
        opened = self._open(repositories)
        chat = QuietChat(opened, list_payers(repositories, opened.chat))
        if self.key is None:
            return _Written(work(opened.scope), chat)
        # In the unit of the change, so that a call that fails leaves its key free.
        known = claim_call(opened.scope, self.key)
        # Nothing is shown again, because the chat was told the first time.
        if known is not None:
            return _Written(Outcome(_again(known)), chat)
        outcome = work(opened.scope)
        reply = outcome.reply
        answer = KeptAnswer(reply.status, reply.render().decode(), reply.headers)
        keep_answer(opened.scope, self.key, answer)
        return _Written(outcome, chat)


@dataclass(frozen=True, slots=True)
class _Written:
    """The outcome of a unit, and the chat that may be shown it."""

    outcome: Outcome
    chat: QuietChat


@dataclass(frozen=True, slots=True)
class _Replayed(Reply):
    """An answer that was given before, byte for byte."""

    kept: str = ""

    def render(self) -> bytes:
        return self.kept.encode()


def _again(known: KeptAnswer) -> Reply:
    headers = {**known.headers, "Idempotency-Replayed": "true"}
    return _Replayed(status=known.status, headers=headers, kept=known.body)


def created(value: Model, location: str) -> Reply:
    """Return the reply about something new, with the address where it is found."""
    return with_etag(Reply(value, 201, {"Location": location}))


def with_etag(reply: Reply) -> Reply:
    """Return a reply with the version of what it shows."""
    return replace(reply, headers={**reply.headers, "ETag": etag_of(reply.render())})


def render_model(value: Model) -> bytes:
    """Return a model as JSON."""
    return value.model_dump_json(by_alias=True).encode()


def etag_of(body: bytes) -> str:
    """Return the version of a representation; it differs where any byte of it does."""
    return f'"{blake2b(body, digest_size=ETAG_BYTES).hexdigest()}"'

"""Answer requests by the table of routes: parse, run the handler, render its reply.

The middleware has found the caller before (`web.login.callers.guard_api`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from ledger.errors import LedgerError
from web.api.calls import JSON_TYPE, Call, Reply, etag_of
from web.api.openapi import describe
from web.api.parsing import WrongBodyError, parse_body, parse_query, read_key
from web.api.problems import explained, not_found, wrong_fields
from web.api.routes import PREFIX, Route
from web.login.callers import identify
from web.problems import ProblemError
from web.protocol import expect
from web.site import SITE, backend_of

ID_MAX = 64

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_api(app: web.Application, routes: Sequence[Route]) -> None:
    """Add every route of the table, and answers for everything else below the prefix."""
    app.router.add_get(f"{PREFIX}/openapi.json", partial(_serve_document, describe(routes)))
    by_path: dict[str, list[Route]] = {}
    for route in routes:
        by_path.setdefault(route.path, []).append(route)
    for path, rows in by_path.items():
        resource = app.router.add_resource(PREFIX + path)
        for route in rows:
            resource.add_route(route.method, partial(_answer, route), expect_handler=expect)
        allowed = ", ".join(sorted(route.method for route in rows))
        # Behind the methods, because aiohttp takes none after `*`.
        resource.add_route("*", partial(_refuse_method, allowed))
    # Last of all, since the router takes the first address that fits.
    app.router.add_route("*", PREFIX + "{path:(/.*)?}", _refuse_path)


async def _answer(route: Route, request: web.Request) -> web.StreamResponse:
    try:
        return await _run(route, request)
    except LedgerError as error:
        raise explained(error) from error


async def _run(route: Route, request: web.Request) -> web.StreamResponse:
    # Before all else, so that a stranger learns nothing of ids and no body is read for one.
    caller, backend = await identify(request), backend_of(request)
    _check_ids(request)
    query = parse_query(request, route.query)
    call = Call(backend, request, caller, route.scope, backend.clock(), query, None)
    try:
        body = await parse_body(request, route)
    except WrongBodyError as error:
        raise await _name_all(route, call, error) from None
    key = read_key(request, route, body)
    call = replace(call, body=body, key=key)
    if key is None:
        return await _render(request, await route.handler(call))
    # The same parts by which its answer is kept.
    named = (caller.user_id, request.match_info.get("ledger_id"), key.key)
    async with request.app[SITE].keys.enter(named):
        reply = await route.handler(call)
    return await _render(request, reply)


async def _name_all(route: Route, call: Call[Any, Any], error: WrongBodyError) -> ProblemError:
    """Return the problem of all fields that are wrong by themselves or in this ledger."""
    wrong = list(error.wrong)
    if route.find_wrong is not None:
        wrong += await route.find_wrong(replace(call, body=error.rest))
    return wrong_fields(wrong)


def _check_ids(request: web.Request) -> None:
    """Answer 404 to an id that Kvitto never makes, before a database sees it."""
    for value in request.match_info.values():
        plain = value.replace("-", "").replace("_", "")
        if not (len(value) <= ID_MAX and plain.isascii() and plain.isalnum()):
            raise not_found()


async def _render(request: web.Request, reply: Reply) -> web.StreamResponse:
    if reply.stream is not None:
        return await reply.stream(request)
    body, headers = reply.render(), dict(reply.headers)
    if request.method == "GET":
        headers.setdefault("ETag", etag_of(body))
        # A client may list several, and a proxy may have put `W/` in front.
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
    if not body:
        return web.Response(status=reply.status, headers=headers)
    return web.Response(status=reply.status, body=body, content_type=JSON_TYPE, headers=headers)


async def _refuse_method(allowed: str, request: web.Request) -> web.StreamResponse:
    _ = request
    detail = f"This address takes {allowed}."
    raise ProblemError(405, "method_not_allowed", detail, headers={"Allow": allowed})


async def _refuse_path(request: web.Request) -> web.StreamResponse:
    _ = request
    raise not_found()


async def _serve_document(document: bytes, request: web.Request) -> web.StreamResponse:
    _ = request
    return web.Response(body=document, content_type=JSON_TYPE)

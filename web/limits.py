"""Limit the requests of each caller and of each address, and tell callers how much is left.

Headers follow the draft "RateLimit header fields for HTTP": `RateLimit-Policy` names the limit,
`RateLimit` what is left of it (`r`) and the seconds until it is whole (`t`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

from ledger.rate_limits import Buckets, Taken
from ports.access import Caller
from web.addresses import address_of
from web.concurrency import TooManyWaitingError
from web.problems import ProblemError
from web.site import SITE

UNLIMITED = frozenset({"/telegram", "/healthz", "/readyz", "/metrics"})
"""Telegram delivers a burst from one address, and probes must not be refused in one."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TAKEN: web.RequestKey[Taken] = web.RequestKey("taken", Taken)
"""Where a request keeps the narrowest limit that it was counted under."""


@web.middleware
async def limit_clients(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count a request against its address and its proof, before anything else is asked of it."""
    if request.path in UNLIMITED:
        return await handler(request)
    site, address = request.app[SITE], address_of(request)
    _count(request, site.limits.by_address, address)
    proof = _name_proof(request)
    if proof is not None:
        # Before the proof is looked up, so that refusing costs no more than counting.
        _count(request, site.limits.by_caller, proof)
    try:
        async with site.concurrency.enter(proof or address):
            return await handler(request)
    except TooManyWaitingError:
        raise _refusal(1) from None


def _name_proof(request: web.Request) -> bytes | None:
    """Return a digest of what a request shows as its proof; None where it shows none."""
    shown = request.headers.get("Authorization") or request.headers.get("Cookie")
    if not shown:
        return None
    return hashlib.blake2b(shown.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def limit_caller(request: web.Request, caller: Caller) -> None:
    """Count a request against its caller; a token counts apart from its person's sessions.

    Raises:
        ProblemError: 429, with the seconds to wait.
    """
    _count(request, request.app[SITE].limits.by_caller, (caller.user_id, caller.ledger_id))


async def add_limit_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell a caller what is left, on every answer."""
    taken = request.get(TAKEN)
    if taken is not None:
        policy = taken.policy
        window = f"{policy.window_seconds:g}"
        response.headers["RateLimit-Policy"] = f'"{policy.name}";q={policy.quota};w={window}'
        response.headers["RateLimit"] = (
            f'"{policy.name}";r={taken.remaining};t={taken.reset_seconds}'
        )


def _count(request: web.Request, buckets: Buckets, key: object) -> None:
    taken = request[TAKEN] = buckets.take(key, time.monotonic())
    if taken.wait_seconds:
        raise _refusal(taken.wait_seconds)


def _refusal(seconds: int) -> ProblemError:
    return ProblemError(429, "rate_limited", headers={"Retry-After": str(seconds)})

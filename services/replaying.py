"""Answer a call that comes again as the first time, by the key that its program chose."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from ledger.errors import InputError
from ports.programs.replays import KeptAnswer, RepeatableCall
from services.scope import Scope

KEPT = timedelta(hours=24)
"""After this a key may be used again."""
KEY_MAX = 255
"""Characters of a key."""


@dataclass(frozen=True, slots=True)
class CallKey:
    """The key of a call, and the digest of what is asked for."""

    key: str
    request: str


def claim_call(scope: Scope, key: CallKey) -> KeptAnswer | None:
    """Claim a key in this unit, or return the answer of the call that had it before.

    Raises:
        InputError: `key_reused`, where the key belongs to another call.
        InWorkError: `key_in_work`, where the first call is not answered yet.
    """
    call = RepeatableCall(_id_of(scope, key), scope.ledger.id, key.request)
    known = scope.repositories.replays.claim(call, scope.now, since=scope.now - KEPT)
    if known is None:
        return None
    if known.request != key.request:
        raise InputError("key_reused")
    return known.answer


def keep_answer(scope: Scope, key: CallKey, answer: KeptAnswer) -> None:
    """Keep the answer of a call whose key this unit has claimed."""
    scope.repositories.replays.keep(_id_of(scope, key), answer)


def _id_of(scope: Scope, key: CallKey) -> str:
    # The person is part of it, so that nobody gets the answer to another person's call.
    named = f"{scope.ledger.id}:{scope.actor}:{key.key}"
    return hashlib.sha256(named.encode()).hexdigest()

"""Make, list, revoke and find the tokens by which programs open one ledger.

A token acts as the person who made it. It stops at once where that person leaves the chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.errors import InputError, LoginRefusedError, NotFoundError
from ports.access import AccessScope, ApiToken, Caller
from ports.repositories import Repositories
from services.access.secret_ids import digest_of, is_secret, new_secret
from services.entries.changing import require_admin
from services.ids import new_id
from services.scope import Scope

PREFIX = "kvitto_"
"""Begins every token, so that scanners of published code find one that leaked."""
TOKENS_MAX = 20
"""Tokens of one ledger."""
TOUCH_EVERY = timedelta(minutes=1)
_PURPOSE = "token"
_HINT = 4

PRESETS: dict[str, frozenset[AccessScope]] = {
    "read": frozenset({AccessScope.READ}),
    "write": frozenset(AccessScope),
    "capture": frozenset({AccessScope.CAPTURE}),
}
"""The choices that people are offered, by name."""


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which is shown once and never kept."""

    secret: str
    token: ApiToken


def make_token(scope: Scope, scopes: frozenset[AccessScope]) -> MadeToken:
    """Make a token of this ledger.

    Raises:
        NotAllowedError: `tokens_admins_only`, for a group's member who is not its admin.
        InputError: `tokens_too_many` (`most`).
    """
    require_admin(scope, "tokens_admins_only")
    access = scope.repositories.access
    if len(access.list_tokens(scope.ledger.id)) >= TOKENS_MAX:
        raise InputError("tokens_too_many", most=TOKENS_MAX)
    secret = PREFIX + new_secret()
    token = ApiToken(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        user_id=scope.actor,
        digest=digest_of(_PURPOSE, secret),
        hint=secret[-_HINT:],
        scopes=scopes,
        made_at=scope.now,
    )
    access.add_token(token)
    return MadeToken(secret, token)


def list_tokens(scope: Scope) -> list[ApiToken]:
    """Return the tokens of this ledger, the oldest first."""
    return scope.repositories.access.list_tokens(scope.ledger.id)


def revoke_token(scope: Scope, token_id: str) -> None:
    """Delete a token, which opens nothing from now on.

    Raises:
        NotAllowedError: `tokens_admins_only`.
        NotFoundError: `token_gone`.
    """
    require_admin(scope, "tokens_admins_only")
    if not scope.repositories.access.drop_token(scope.ledger.id, token_id):
        raise NotFoundError("token_gone")


def find_token(repositories: Repositories, secret: str) -> ApiToken:
    """Return the token of a secret. Raises `LoginRefusedError` (`token_invalid`)."""
    named = secret.startswith(PREFIX) and is_secret(secret.removeprefix(PREFIX))
    token = repositories.access.find_token(digest_of(_PURPOSE, secret)) if named else None
    if token is None:
        raise LoginRefusedError("token_invalid")
    return token


def is_due(token: ApiToken, now: datetime) -> bool:
    """Return whether the moment of the latest request shall be written."""
    return token.used_at is None or now - token.used_at >= TOUCH_EVERY


def touch_token(repositories: Repositories, token: ApiToken, now: datetime) -> None:
    """Keep the moment of the latest request, by which its owner sees whether it is in use."""
    repositories.access.touch_token(token.id, now)


def caller_of(token: ApiToken) -> Caller:
    """Return the person who made a token, bound to its ledger and scopes."""
    return Caller(token.user_id, token.scopes, token.ledger_id)

"""Make, list, revoke and find the tokens by which programs open one ledger.

A token acts as the person who made it. It stops at once where that person leaves the chat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ledger.chats import Chat
from ledger.errors import InputError, LoginRefusedError, NotFoundError
from ports.access import AccessScope, ApiToken, Caller
from ports.answers.access import MadeToken, TokensShown
from ports.repositories import Repositories
from services.access.secret_ids import digest_of, is_secret, new_secret
from services.access.sessions import count_running, sign_out_everywhere
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
_ID_LETTERS = 32

PRESETS: dict[str, frozenset[AccessScope]] = {
    "read": frozenset({AccessScope.READ}),
    "write": frozenset(AccessScope),
    "capture": frozenset({AccessScope.CAPTURE}),
}
"""The choices that people are offered, by name."""


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """Keeps the tokens of ledgers for the people who talk with the bot."""

    base_url: str
    """Where programs reach this installation."""

    def show(self, scope: Scope) -> TokensShown:
        """Return the tokens of this ledger, the oldest first."""
        tokens, chats = list_tokens(scope), scope.repositories.chats
        is_group = chats.of_ledger(scope.ledger.id).kind == "group"
        names = {m.user_id: m.name for m in chats.members(scope.ledger.id)} if is_group else {}
        makers = tuple(names.get(one.user_id, "") for one in tokens)
        sessions = 0 if is_group else count_running(scope.repositories, scope.actor, scope.now)
        return TokensShown(tuple(tokens), makers, sessions=sessions)

    def sign_out(self, scope: Scope) -> TokensShown:
        """End all sessions of this person, wherever they run; tokens stay."""
        sign_out_everywhere(scope.repositories, scope.actor, scope.now)
        return replace(self.show(scope), signed_out=True)

    def make(self, scope: Scope, preset: str, button: str) -> TokensShown:
        """Make a token with the scopes of a preset; a second press of the button makes none.

        Raises:
            NotAllowedError: `tokens_admins_only`, for a group's member who is not its admin.
            InputError: `tokens_too_many` (`most`), or `tokens_need_private` where a group's admin
                has no private chat with the bot, in which alone the secret may be shown.
        """
        require_admin(scope, "tokens_admins_only")
        private = _find_private(scope)
        # Of the button, so that a second press finds it taken.
        token_id = digest_of("token-id", f"{scope.ledger.id}:{button}")[:_ID_LETTERS]
        made = _add(scope, PRESETS[preset], token_id)
        if made is not None:
            url = f"{self.base_url}/api/v1/ledgers/{scope.ledger.key}"
            title = scope.repositories.chats.of_ledger(scope.ledger.id).title if private else ""
            made = replace(made, ledger_url=url, private=private, group=title)
        return replace(self.show(scope), made=made)

    def revoke(self, scope: Scope, token_id: str) -> TokensShown:
        """Delete a token, which opens nothing from now on.

        Raises:
            NotAllowedError: `tokens_admins_only`.
            NotFoundError: `token_gone`.
        """
        hint = next((one.hint for one in list_tokens(scope) if one.id == token_id), "")
        revoke_token(scope, token_id)
        return replace(self.show(scope), revoked=hint)


def make_token(scope: Scope, scopes: frozenset[AccessScope]) -> MadeToken:
    """Make a token of this ledger, for a program that asks for one.

    Raises:
        NotAllowedError: `tokens_admins_only`, for a group's member who is not its admin.
        InputError: `tokens_too_many` (`most`).
    """
    require_admin(scope, "tokens_admins_only")
    made = _add(scope, scopes, new_id(scope.now))
    assert made is not None, "a new id is free"
    return made


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


def _add(scope: Scope, scopes: frozenset[AccessScope], token_id: str) -> MadeToken | None:
    """Make a token of this id; None where there is one already."""
    if len(list_tokens(scope)) >= TOKENS_MAX:
        raise InputError("tokens_too_many", most=TOKENS_MAX)
    secret = PREFIX + new_secret()
    digest = digest_of(_PURPOSE, secret)
    token = ApiToken(
        token_id, scope.ledger.id, scope.actor, digest, secret[-_HINT:], scopes, scope.now
    )
    added = scope.repositories.access.add_token(token)
    return MadeToken(secret, token) if added else None


def _find_private(scope: Scope) -> Chat | None:
    """Return where a secret is shown to a group's admin; None where this chat is private itself."""
    chats = scope.repositories.chats
    if chats.of_ledger(scope.ledger.id).kind == "private":
        return None
    # A private chat has the id of its person.
    presence = chats.find(scope.actor)
    if presence is None or presence.chat.muted:
        raise InputError("tokens_need_private")
    return presence.chat


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

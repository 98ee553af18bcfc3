"""Answer calls about the tokens of a ledger."""

from __future__ import annotations

from ledger.errors import NotAllowedError, NotFoundError
from ports.access import ApiToken
from services.access import tokens
from services.scope import Scope
from web.api.calls import Call, Outcome, Reply
from web.api.entry_models import write_instant
from web.api.models.tokens import NewToken, TokenMade, TokenPage, TokenShown
from web.api.routes import PREFIX, NoQuery


async def list_tokens(call: Call[NoQuery, None]) -> Reply:
    """Return the tokens of a ledger, without their secrets."""

    def read(scope: Scope) -> TokenPage:
        return TokenPage(items=tuple(map(_show, tokens.list_tokens(scope))))

    return Reply(await call.read(read))


async def get_token(call: Call[NoQuery, None]) -> Reply:
    """Return one token, without its secret."""

    def read(scope: Scope) -> TokenShown:
        found = [one for one in tokens.list_tokens(scope) if one.id == call.id("token_id")]
        if not found:
            raise NotFoundError("token_gone")
        return _show(found[0])

    return Reply(await call.read(read))


async def add_token(call: Call[NoQuery, NewToken]) -> Reply:
    """Make a token for a person who is logged in, and show its secret this once."""

    def write(scope: Scope) -> Outcome:
        # A token that leaked must not outlive its being revoked by one that it made.
        if call.caller.ledger_id is not None:
            raise NotAllowedError("tokens_need_session")
        made = tokens.make_token(scope, frozenset(call.body.scopes))
        value = TokenMade(**_show(made.token).model_dump(), secret=made.secret)
        path = f"{PREFIX}/ledgers/{scope.ledger.key}/tokens/{made.token.id}"
        return Outcome(Reply(value, 201, {"Location": path}))

    return await call.write(write)


async def delete_token(call: Call[NoQuery, None]) -> Reply:
    """Revoke a token, which opens nothing from now on."""

    def write(scope: Scope) -> Outcome:
        tokens.revoke_token(scope, call.id("token_id"))
        return Outcome(Reply(status=204))

    return await call.write(write)


def _show(token: ApiToken) -> TokenShown:
    return TokenShown(
        id=token.id,
        hint=token.hint,
        scopes=tuple(sorted(token.scopes)),
        made_at=write_instant(token.made_at),
        used_at=write_instant(token.used_at) if token.used_at else None,
    )

"""Answer calls about ledgers and their members."""

from __future__ import annotations

from ledger.errors import NotAllowedError
from ports.repositories import Repositories
from services.access.ledgers import OpenLedger, list_ledgers, open_ledger
from services.scope import Scope
from web.api.calls import Call, Reply, with_etag
from web.api.models.ledgers import LedgerPage, LedgerShown, MemberPage, MemberShown
from web.api.routes import NoQuery


async def get_ledgers(call: Call[NoQuery, None]) -> Reply:
    """Return every ledger that the caller may open."""
    if call.needs not in call.caller.scopes:
        raise NotAllowedError("scope_missing", scope=call.needs.value)
    found = await call.backend.read(lambda rows: list_ledgers(call.access(rows)))
    return Reply(LedgerPage(items=tuple(map(_show, found))))


async def get_ledger(call: Call[NoQuery, None]) -> Reply:
    """Return one ledger."""

    def read(repositories: Repositories) -> LedgerShown:
        return _show(open_ledger(call.access(repositories), call.id("ledger_id"), call.needs))

    return with_etag(Reply(await call.backend.read(read)))


async def list_members(call: Call[NoQuery, None]) -> Reply:
    """Return the members of a ledger, by name."""

    def read(scope: Scope) -> MemberPage:
        members = scope.repositories.chats.members(scope.ledger.id)
        return MemberPage(
            items=tuple(
                MemberShown(id=str(one.user_id), name=one.name, present=not one.left)
                for one in members
            )
        )

    return Reply(await call.read(read))


def _show(opened: OpenLedger) -> LedgerShown:
    scope, settings = opened.scope, opened.scope.settings
    return LedgerShown(
        id=scope.ledger.key,
        name=opened.chat.title,
        kind=opened.chat.kind,
        currency=settings.currency,
        timezone=settings.timezone,
        language=settings.language,
        today=scope.today.isoformat(),
    )

"""Answer calls about webhooks; the chat is told of each that is made or removed."""

from __future__ import annotations

from ledger.errors import NotAllowedError
from ports.access import AccessScope
from ports.programs.webhooks import Webhook
from services.scope import Scope
from services.webhooks import keeping
from web.api.calls import Call, Outcome, Reply
from web.api.entry_models import write_instant
from web.api.models.webhooks import NewWebhook, WebhookMade, WebhookPage, WebhookShown
from web.api.routes import PREFIX, NoQuery


async def list_webhooks(call: Call[NoQuery, None]) -> Reply:
    """Return the webhooks of a ledger."""

    def read(scope: Scope) -> WebhookPage:
        return WebhookPage(items=tuple(map(_show, keeping.list_webhooks(scope))))

    return Reply(await call.read(read))


async def add_webhook(call: Call[NoQuery, NewWebhook]) -> Reply:
    """Make a webhook, and show its secret this once.

    A webhook is told every entry, so a token that may not read makes none.
    """

    def write(scope: Scope) -> Outcome:
        if AccessScope.READ not in call.caller.scopes:
            raise NotAllowedError("scope_missing", scope=AccessScope.READ.value)
        made = keeping.add_webhook(scope, call.body.url, call.backend.webhook_rule)
        shown = _show(made.webhook).model_dump()
        path = f"{PREFIX}/ledgers/{scope.ledger.key}/webhooks/{made.webhook.id}"
        value = WebhookMade(**shown, secret=made.webhook.secret)
        return Outcome(Reply(value, 201, {"Location": path}), made)

    return await call.write(write)


async def get_webhook(call: Call[NoQuery, None]) -> Reply:
    """Return one webhook."""

    def read(scope: Scope) -> WebhookShown:
        return _show(keeping.find_webhook(scope, call.id("webhook_id")))

    return Reply(await call.read(read))


async def delete_webhook(call: Call[NoQuery, None]) -> Reply:
    """Remove a webhook."""

    def write(scope: Scope) -> Outcome:
        removed = keeping.remove_webhook(scope, call.id("webhook_id"))
        return Outcome(Reply(status=204), removed)

    return await call.write(write)


def _show(webhook: Webhook) -> WebhookShown:
    failed_at = webhook.failed_at
    return WebhookShown(
        id=webhook.id,
        url=webhook.url,
        made_at=write_instant(webhook.made_at),
        failed_at=write_instant(failed_at) if failed_at else None,
    )

"""Make, list and remove the webhooks of a ledger."""

from __future__ import annotations

from datetime import datetime

from ledger.chats import Chat
from ledger.errors import InputError, NotFoundError
from ports.answers.access import WebhookChanged
from ports.programs.webhooks import AddressRule, Webhook
from ports.repositories import Repositories
from services.entries.changing import require_admin
from services.ids import new_id
from services.scope import Scope
from services.webhooks.signing import new_secret

WEBHOOKS_MAX = 10
"""Webhooks of one ledger."""


def add_webhook(scope: Scope, url: str, rule: AddressRule) -> WebhookChanged:
    """Make a webhook, which is told what changes from now on.

    Raises:
        InputError: `webhook_url`, `webhook_private`, `webhooks_too_many` (`most`).
        NotAllowedError: `webhooks_admins_only`, for a group's member who is not its admin.
    """
    require_admin(scope, "webhooks_admins_only")
    rule.check(url)
    webhooks = scope.repositories.webhooks
    if len(webhooks.list_all(scope.ledger.id)) >= WEBHOOKS_MAX:
        raise InputError("webhooks_too_many", most=WEBHOOKS_MAX)
    webhook = Webhook(
        id=new_id(scope.now),
        ledger_id=scope.ledger.id,
        user_id=scope.actor,
        url=url,
        secret=new_secret(),
        position=scope.repositories.operations.last_number(scope.ledger.id),
        made_at=scope.now,
    )
    webhooks.add(webhook)
    return WebhookChanged(webhook)


def list_webhooks(scope: Scope) -> list[Webhook]:
    """Return the webhooks of this ledger, the oldest first."""
    return scope.repositories.webhooks.list_all(scope.ledger.id)


def find_webhook(scope: Scope, webhook_id: str) -> Webhook:
    """Return a webhook of this ledger. Raises `NotFoundError` (`webhook_gone`)."""
    found = scope.repositories.webhooks.find(webhook_id)
    if found is None or found.ledger_id != scope.ledger.id:
        raise NotFoundError("webhook_gone")
    return found


def remove_webhook(scope: Scope, webhook_id: str) -> WebhookChanged:
    """Delete a webhook.

    Raises:
        NotAllowedError: `webhooks_admins_only`.
        NotFoundError: `webhook_gone`.
    """
    webhook = find_webhook(scope, webhook_id)
    require_admin(scope, "webhooks_admins_only")
    scope.repositories.webhooks.remove(webhook.id)
    return WebhookChanged(webhook, removed=True)


def give_up_webhook(
    repositories: Repositories, webhook_id: str, now: datetime
) -> tuple[Chat, Webhook] | None:
    """Tell a webhook nothing more; return it with its chat, None when that was done before."""
    webhook = repositories.webhooks.find(webhook_id)
    if webhook is None or not repositories.webhooks.give_up(webhook_id, now):
        return None
    return repositories.chats.of_ledger(webhook.ledger_id), webhook

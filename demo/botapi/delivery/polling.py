"""Serve getUpdates and the webhook methods."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlsplit

from demo.botapi.errors import OTHER_POLL, WEBHOOK_ACTIVE, ApiError, bad_request
from demo.botapi.requests.params import Params
from demo.botapi.telegram import Telegram, WebhookSettings
from demo.botapi.world import JsonObject

LIMIT_MAX = 100
TIMEOUT_MAX_SECONDS = 50
CONNECTIONS_MAX = 100

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_REPEAT_SECONDS = 0.5
"""A repeated offset within this time gets one update only (telegram-bot-api, Client.cpp)."""


async def get_updates(telegram: Telegram, params: Params) -> list[JsonObject]:
    """Return pending updates, waiting for the first; a later call ends this one with 409."""
    if telegram.webhook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    _remember_allowed(telegram, params)
    # A newer call has a higher number; an older one that waits then gives up.
    telegram.poll_number += 1
    own_number = telegram.poll_number
    telegram.updates.wake()
    offset = params.integer("offset")
    limit = _limit(telegram, params, offset)
    timeout = min(max(params.integer("timeout"), 0), TIMEOUT_MAX_SECONDS)
    ends_at = time.monotonic() + timeout
    updates = telegram.updates.fetch(offset, limit)
    while not updates and (left := ends_at - time.monotonic()) > 0:
        await telegram.updates.arrival(left)
        if telegram.poll_number != own_number:
            raise ApiError(409, OTHER_POLL)
        if telegram.webhook is not None:
            raise ApiError(409, "Conflict: terminated by setWebhook request")
        updates = telegram.updates.fetch(offset, limit)
    return updates


def _limit(telegram: Telegram, params: Params, offset: int) -> int:
    limit = params.integer("limit", LIMIT_MAX)
    limit = limit if 1 <= limit <= LIMIT_MAX else LIMIT_MAX
    now = time.monotonic()
    is_repeat = offset == telegram.last_poll[0] and now - telegram.last_poll[1] < _REPEAT_SECONDS
    telegram.last_poll = (offset, now)
    # A bot that repeats its offset may crash on an update of the batch, so it gets one at a time.
    return 1 if is_repeat else limit


def _remember_allowed(telegram: Telegram, params: Params) -> None:
    kinds = params.decoded("allowed_updates", "allowed updates")
    if isinstance(kinds, list):
        telegram.updates.allow(str(kind) for kind in kinds)


def set_webhook(telegram: Telegram, params: Params) -> bool:
    """Set the webhook; plain http is allowed, as on a self-hosted server in local mode."""
    url = params.text("url")
    if not url:
        return delete_webhook(telegram, params)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", 40)
    _remember_allowed(telegram, params)
    if params.boolean("drop_pending_updates"):
        telegram.updates.clear()
    telegram.webhook = WebhookSettings(
        url, secret, min(max(connections, 1), CONNECTIONS_MAX), params.text("ip_address")
    )
    telegram.webhook_error = None
    telegram.updates.wake()
    return True


def delete_webhook(telegram: Telegram, params: Params) -> bool:
    """Return to getUpdates."""
    if params.boolean("drop_pending_updates"):
        telegram.updates.clear()
    telegram.webhook = None
    telegram.updates.wake()
    return True


def get_webhook_info(telegram: Telegram, _params: Params) -> JsonObject:
    """Describe the webhook and its last error."""
    settings = telegram.webhook
    info: dict[str, Any] = {
        "url": settings.url if settings else "",
        "has_custom_certificate": False,
        "pending_update_count": telegram.updates.pending_count,
    }
    if settings:
        info["max_connections"] = settings.max_connections
        info["ip_address"] = settings.ip_address or "127.0.0.1"
    if settings and telegram.webhook_error:
        info["last_error_date"], info["last_error_message"] = telegram.webhook_error
    if telegram.updates.allowed:
        info["allowed_updates"] = sorted(telegram.updates.allowed)
    return info


def log_out(telegram: Telegram, _params: Params) -> bool:
    """Answer logOut and close, which have nothing to do on this server."""
    telegram.updates.wake()
    return True

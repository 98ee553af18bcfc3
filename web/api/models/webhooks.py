"""Define webhooks as the API shows and takes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ports.programs.webhooks import URL_MAX
from web.api.models.fields import Instant, Model


class NewWebhook(Model):
    """An address that shall be told of every change of an entry."""

    url: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=URL_MAX)]
    """Of https, on the internet."""


class WebhookShown(Model):
    """A webhook."""

    id: str
    url: str
    made_at: Instant
    failed_at: Instant | None
    """When it was given up, after three days without success; then it is told nothing."""


class WebhookMade(WebhookShown):
    """A new webhook with the secret of its signatures, which is shown this once."""

    secret: str
    """As Standard Webhooks has it, `whsec_` and base64."""


class WebhookPage(Model):
    """The webhooks of a ledger; all of them are on one page."""

    items: tuple[WebhookShown, ...]
    next: str | None = None

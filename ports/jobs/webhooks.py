"""Declare the job that tells a webhook what changed, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DeliverWebhook:
    """Tell a webhook what changed since it was told last."""

    kind: ClassVar[str] = "webhook"
    webhook_id: str


@dataclass(frozen=True, slots=True)
class WebhookGivenUp:
    """The notice that a webhook did not answer for days."""

    name: ClassVar[str] = "webhook_given_up"
    webhook_id: str

    @classmethod
    def of(cls, job: DeliverWebhook, reference: str) -> WebhookGivenUp:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.webhook_id)

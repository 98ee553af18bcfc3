"""Define errors of refused requests, in Telegram's own words.

The descriptions are an interface, because bots tell errors apart by them. They are taken from
tdlib/telegram-bot-api (Client.cpp) and tdlib/td as of 2026.
"""

from __future__ import annotations

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """Refuses a request with an HTTP status, a description and optional parameters."""

    def __init__(
        self, status: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def to_json(self) -> dict[str, Any]:
        """Return the body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str) -> ApiError:
    """Build a 400 for an invalid request."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Build a 403 for a chat that is closed to the bot."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after_seconds: int) -> ApiError:
    """Build a 429 with the seconds to wait."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after_seconds}",
        {"retry_after": retry_after_seconds},
    )


def migrated(supergroup_id: int) -> ApiError:
    """Build a 400 with the id of the supergroup that replaced the group."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": supergroup_id},
    )

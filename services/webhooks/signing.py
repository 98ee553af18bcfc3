"""Sign messages as Standard Webhooks has it, so that a receiver knows who sent them and when."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 24


def new_secret() -> str:
    """Return the key of a webhook's signatures."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a message that is sent now.

    The moment is signed too, so that a receiver can refuse a message that is sent again later.
    """
    moment = str(int(now.timestamp()))
    signed = f"{message_id}.{moment}.".encode() + body
    digest = hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }

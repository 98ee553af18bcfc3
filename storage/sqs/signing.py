"""Sign requests to SQS by AWS's Signature Version 4.

botocore signs any request of any service, and takes as much CPU for that as the call itself. Every request to
SQS is a POST of JSON to one address, so only its operation, its body and its time differ.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Protocol
from urllib.parse import quote, urlsplit

CONTENT_TYPE = "application/x-amz-json-1.0"
_ALGORITHM = "AWS4-HMAC-SHA256"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Keys(Protocol):
    """Credentials as botocore finds them; those of a role have a token and expire."""

    access_key: str
    secret_key: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests to one address."""

    host: str
    path: str
    region: str

    def sign(self, keys: Keys, operation: str, body: bytes, moment: str) -> dict[str, str]:
        """Return the headers of a request; `moment` is its time in UTC, as `20261201T120000Z`."""
        headers = {
            "content-type": CONTENT_TYPE,
            "host": self.host,
            "x-amz-date": moment,
            "x-amz-target": f"AmazonSQS.{operation}",
        }
        if keys.token:
            headers["x-amz-security-token"] = keys.token
        names = sorted(headers)
        signed = ";".join(names)
        listed = "".join(f"{name}:{headers[name]}\n" for name in names)
        request = f"POST\n{self.path}\n\n{listed}\n{signed}\n{sha256(body).hexdigest()}"
        day = moment[:8]
        scope = f"{day}/{self.region}/sqs/aws4_request"
        text = f"{_ALGORITHM}\n{moment}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        key = _derive_key(keys.secret_key, day, self.region)
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        headers["authorization"] = (
            f"{_ALGORITHM} Credential={keys.access_key}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return headers


@lru_cache(maxsize=2)
def _derive_key(secret: str, day: str, region: str) -> bytes:
    """Return the key of a day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "sqs", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def build_signer(endpoint: str, region: str) -> Signer:
    """Build what signs requests to an address."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port not in {None, _DEFAULT_PORTS.get(parts.scheme)}:
        host = f"{host}:{parts.port}"
    return Signer(host, quote(parts.path or "/", safe="/~"), region)

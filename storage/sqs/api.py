"""Call SQS over HTTP on the event loop.

boto3 blocks a thread for each call, which a long poll would hold for 20 seconds and an orderly stop
would have to wait for; and it takes three times the CPU, three calls a batch. So botocore only finds the
credentials, `storage.sqs.signing` signs, and the requests are made by aiohttp.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from ledger.errors import UnavailableError
from ports.aws import AwsAccess
from storage.aws import AwsRefusedError
from storage.sqs.signing import Signer, build_signer

TROUBLE = "queue_unavailable"
SETTING = "QUEUE_URL"
CONNECT_SECONDS = 3.0
CALL_SECONDS = 10.0
CONNECTIONS_MAX = 20
_OK = 200
_AWS_HOST = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?")

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SqsApi:
    """The operations of one queue."""

    http: aiohttp.ClientSession
    queue_url: str
    endpoint: str
    signer: Signer
    credentials: Any
    """botocore's, which has no types; they may be of a role and renew themselves."""

    async def call(self, operation: str, *, wait_seconds: float = 0, **arguments: object) -> Answer:
        """Call an operation, which may wait for so long before it answers.

        Raises:
            AwsRefusedError: SQS answers with an error.
            UnavailableError: there is no answer.
        """
        if self.http.closed:
            # Whoever still calls at a stop is told so, in place of the RuntimeError of aiohttp.
            raise UnavailableError(TROUBLE, remedy="the process stops")
        body = orjson.dumps({"QueueUrl": self.queue_url, **arguments})
        headers = await self._sign(operation, body)
        # A long poll that finds nothing answers only at the end of its wait.
        limit = aiohttp.ClientTimeout(wait_seconds + CALL_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            async with self.http.post(
                self.endpoint, data=body, headers=headers, timeout=limit
            ) as answer:
                content = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            remedy = f"no answer ({type(error).__name__}); are the AWS_ settings right?"
            raise UnavailableError(TROUBLE, remedy=remedy) from error
        found = _parse(content)
        if answer.status != _OK:
            code = str(found.get("__type", answer.status)).rpartition("#")[2]
            raise AwsRefusedError(TROUBLE, code, SETTING)
        return found

    async def _sign(self, operation: str, body: bytes) -> dict[str, str]:
        if getattr(self.credentials, "refresh_needed", bool)():
            # Asks the machine's own service for new keys, which blocks.
            frozen = await asyncio.to_thread(self.credentials.get_frozen_credentials)
        else:
            frozen = self.credentials.get_frozen_credentials()
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        return self.signer.sign(frozen, operation, body, moment)


@asynccontextmanager
async def open_api(queue_url: str, access: AwsAccess) -> AsyncIterator[SqsApi]:
    """Open connections to a queue; nothing is called yet.

    Raises:
        UnavailableError: there are no credentials or no region, which only an operator can mend.
    """
    region, endpoint = _place(queue_url, access)
    # The search reads files and may ask the machine's own service, which blocks.
    credentials = await asyncio.to_thread(_find_credentials, access)
    if credentials is None or not region:
        remedy = "no credentials" if region else "no region; set AWS_REGION"
        raise UnavailableError(TROUBLE, remedy=remedy, lasts=True)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX)
    async with aiohttp.ClientSession(connector=connector) as http:
        signer = build_signer(endpoint, region)
        yield SqsApi(http, queue_url, endpoint, signer, credentials)


def _place(queue_url: str, access: AwsAccess) -> tuple[str, str]:
    """Return region and endpoint; a queue's own address names both where the settings do not."""
    parts = urlsplit(queue_url)
    named = _AWS_HOST.fullmatch(parts.hostname or "")
    region = access.region or (named.group(1) if named else "")
    return region, access.endpoint_url or f"{parts.scheme}://{parts.netloc}"


def _find_credentials(access: AwsAccess) -> Any:  # noqa: ANN401 -- botocore's
    import botocore.session  # noqa: PLC0415 -- only where configured
    from botocore.credentials import Credentials  # noqa: PLC0415 -- as above

    if access.key_id:
        return Credentials(access.key_id, access.secret_key)
    return botocore.session.get_session().get_credentials()


def _parse(content: bytes) -> Answer:
    try:
        found = orjson.loads(content)
    except ValueError:
        found = None
    # A balancer in between may answer with a page of its own.
    return found if isinstance(found, dict) else {}

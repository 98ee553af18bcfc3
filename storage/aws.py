"""Open clients of AWS lazily, and run their blocking calls in threads.

boto3 takes a third of a second and 40 MB to import, so it is loaded with the first call. Its answers
become our errors here, by their codes; its messages may hold names of buckets and are never shown.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from ledger.errors import UnavailableError
from ports.aws import AwsAccess

CONNECT_SECONDS = 3.0
TRIES_MAX = 3

_REFUSALS = frozenset(
    {
        "403",
        "AccessDenied",
        "AuthFailure",
        "AWS.SimpleQueueService.NonExistentQueue",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidAddress",
        "InvalidBucketName",
        "InvalidClientTokenId",
        "KMS.NotFoundException",
        "NoSuchBucket",
        "QueueDoesNotExist",
        "SignatureDoesNotMatch",
    }
)
"""Codes that only an operator can mend; every other failure may pass by itself."""


class AwsRefusedError(UnavailableError):
    """AWS answers a call with an error; `code` is its name, such as `NoSuchKey`.

    Of every error of a client `values["lasts"]` says whether only an operator can mend it.
    """

    def __init__(self, message_id: str, code: str, setting: str) -> None:
        remedy = f"AWS answers {code}; is {setting} right?"
        super().__init__(message_id, remedy=remedy, lasts=code in _REFUSALS)
        self.code = code


@dataclass(slots=True)
class AwsClient:
    """A client of one service, opened with its first call."""

    access: AwsAccess
    service: str
    setting: str
    """The setting that an operator looks at when the service refuses."""
    trouble: str
    """The `message_id` of our errors."""
    read_seconds: float
    """Longest time between two parts of an answer; a thread that waits cannot be cancelled."""
    connections_max: int = 10
    _client: Any = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def call(self, operation: str, **arguments: object) -> Any:  # noqa: ANN401 -- a boto3 answer has no type
        """Call an operation; a streamed body is read whole into `Body`.

        Raises:
            AwsRefusedError: AWS answers with an error.
            UnavailableError: there is no answer.
        """
        client = await self.open()
        return await asyncio.to_thread(self._call, client, operation, arguments)

    async def open(self) -> Any:  # noqa: ANN401 -- a boto3 client has no type
        """Return boto3's client. Raises `UnavailableError` where no region is configured."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build)
        return self._client

    def _build(self) -> Any:  # noqa: ANN401 -- as above
        import boto3  # noqa: PLC0415 -- only where configured
        from botocore.config import Config  # noqa: PLC0415 -- as above
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 -- as above

        access = self.access
        try:
            return boto3.client(
                self.service,
                region_name=access.region or None,
                endpoint_url=access.endpoint_url or None,
                aws_access_key_id=access.key_id or None,
                aws_secret_access_key=access.secret_key or None,
                config=Config(
                    signature_version="s3v4" if self.service == "s3" else None,
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=self.read_seconds,
                    max_pool_connections=self.connections_max,
                    retries={"total_max_attempts": TRIES_MAX, "mode": "standard"},
                ),
            )
        except (BotoCoreError, ValueError) as error:
            remedy = f"{type(error).__name__}; set AWS_REGION and credentials"
            raise UnavailableError(self.trouble, remedy=remedy, lasts=True) from error

    def _call(self, client: Any, operation: str, arguments: dict[str, object]) -> Any:  # noqa: ANN401 -- as above
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- loaded by then

        try:
            answer = getattr(client, operation)(**arguments)
            # Read here, since a stream blocks as the call does.
            if operation == "get_object":
                answer["Body"] = answer["Body"].read()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            raise AwsRefusedError(self.trouble, code, self.setting) from error
        except (BotoCoreError, OSError) as error:
            remedy = f"no answer ({type(error).__name__}); are the AWS_ settings right?"
            lasts = type(error).__name__ == "NoCredentialsError"
            raise UnavailableError(self.trouble, remedy=remedy, lasts=lasts) from error
        return answer

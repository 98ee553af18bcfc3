"""Read receipts by Amazon Textract's AnalyzeExpense.

boto3 blocks, so each call runs in a thread with time-outs of its own. A picture is sent as bytes of
its clean copy (no metadata, JPEG, below Textract's 5 MB and 10,000 pixels). A PDF of several pages is
read by a job from S3 if receipts are stored there, else page by page. Textract knows English only:
other languages are refused without a call (`ReadHint.language`).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from ai.circuit_breaker import CircuitBreaker
from ai.files.kinds import find_kind
from ai.metering import Bill, Meter
from ai.ocr.bounded_aws import BoundedAws
from ai.ocr.expense import Json, number_pages, parse_expenses
from ai.prices import TEXTRACT, price_of
from ledger.errors import UnavailableError
from ports.aws import AwsAccess
from ports.reading import FileRefusal, PictureCopier, ReadHint, Reading
from ports.spending import PlannedCall

LANGUAGES: Final = frozenset({"en", ""})
CALL_SECONDS: Final = 6.0
"""A thread cannot be cancelled, and an orderly shutdown of at most ten seconds waits for it."""
JOB_SECONDS: Final = 60.0
"""Longest time for a document's job; a failed one is abandoned at once."""
SIDE_MAX: Final = 2400
BYTES_MAX: Final = 5 << 20
PAGES_MAX: Final = 10
TRIES_MAX: Final = 2
_JOB_ANSWERS_MAX: Final = 100
_PAUSE_SECONDS: Final = 0.4
_POLL_SECONDS: Final = 1.0

_AGAIN: Final = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "InternalServerError",
        "LimitExceededException",
    }
)
_OURS: Final = frozenset(
    {
        "UnsupportedDocumentException",
        "BadDocumentException",
        "DocumentTooLargeException",
        "InvalidParameterException",
        "InvalidS3ObjectException",
    }
)
"""Errors of the document, which do not count against the service."""
_PERMANENT: Final = frozenset(
    {
        "AccessDeniedException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "InvalidClientTokenId",
        "ExpiredTokenException",
        "MissingAuthenticationTokenException",
        "SubscriptionRequiredException",
    }
)
_BROKEN: Final = 500

_log = logging.getLogger("ai.textract")


@dataclass(slots=True)
class TextractReader:
    """Reads receipts in English. Raises only `UnavailableError`."""

    access: AwsAccess
    meter: Meter
    copier: PictureCopier
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    _client: Any = None
    _http: BoundedAws | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, data: bytes, hint: ReadHint) -> Reading | FileRefusal:
        """Read a picture or a document."""
        if hint.language not in LANGUAGES:
            raise UnavailableError("textract_language")
        self.breaker.require_closed()
        several = find_kind(data) == "pdf" and hint.pages > 1
        if several and hint.stored_at:
            documents = await self._read_job(hint)
        else:
            documents = await self._read_pages(data, hint, hint.pages if several else 1)
        self.breaker.record_success()
        return parse_expenses(documents)

    async def check(self) -> str:
        """Request an impossible job, which costs nothing; return the region.

        Raises:
            UnavailableError: with a `remedy`.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- first use

        try:
            client = await self._open()
            await asyncio.to_thread(client.get_expense_analysis, JobId="0" * 64)
        except ClientError as error:
            code = _code_of(error)
            if code in {"InvalidJobIdException", "InvalidParameterException"}:
                return str(client.meta.region_name)
            remedy = f"AWS answers {code}; is the key allowed to use textract:AnalyzeExpense?"
            raise UnavailableError("textract_refuses", remedy=remedy) from error
        except (BotoCoreError, ValueError) as error:
            remedy = f"{type(error).__name__}; set AWS_REGION and credentials"
            raise UnavailableError("textract_not_reached", remedy=remedy) from error
        return str(client.meta.region_name)

    async def close(self) -> None:
        """Close connections."""
        if self._http is not None:
            self._http.close()

    async def _read_pages(self, data: bytes, hint: ReadHint, count: int) -> list[Json]:
        """Read pages one by one, as pictures."""
        documents: list[Json] = []
        for page in range(min(count, PAGES_MAX)):
            picture = await self.copier.clean_copy(data, side_max=SIDE_MAX, page=page)
            if isinstance(picture, FileRefusal) or len(picture) > BYTES_MAX:
                raise UnavailableError("textract_no_picture")
            answer = await self._call("analyze_expense", hint, 1, Document={"Bytes": picture})
            documents += number_pages(self._documents(answer), page + 1)
        return documents

    async def _read_job(self, hint: ReadHint) -> list[Json]:
        """Start a job on the stored document and collect what it found."""
        place = urlsplit(hint.stored_at)
        started = await self._call(
            "start_expense_analysis",
            hint,
            hint.pages,
            DocumentLocation={
                "S3Object": {"Bucket": place.netloc, "Name": place.path.removeprefix("/")}
            },
            # The same document, asked for again after a kill, is the same job.
            ClientRequestToken=hashlib.sha256(hint.stored_at.encode()).hexdigest(),
        )
        job: dict[str, str] = {"JobId": str(started.get("JobId", ""))}
        until = time.monotonic() + JOB_SECONDS
        documents: list[Json] = []
        for _ in range(_JOB_ANSWERS_MAX):
            answer = await self._call("get_expense_analysis", hint, 0, **job)
            status = answer.get("JobStatus")
            # A job that fails or succeeds is final; only this status is polled.
            if status == "IN_PROGRESS" and time.monotonic() < until:
                await asyncio.sleep(_POLL_SECONDS)
                continue
            if status not in {"SUCCEEDED", "PARTIAL_SUCCESS"}:
                raise UnavailableError("textract_job_failed")
            documents += self._documents(answer)
            if not answer.get("NextToken"):
                break
            job["NextToken"] = str(answer["NextToken"])
        return documents

    def _documents(self, answer: Json) -> list[Json]:
        """Return the found documents; botocore turns a body without JSON into an empty answer."""
        found = answer.get("ExpenseDocuments")
        if not isinstance(found, list):
            self.breaker.record_failure()
            raise UnavailableError("textract_nonsense")
        return found

    async def _call(self, name: str, hint: ReadHint, pages: int, **arguments: object) -> Json:
        """Call an operation, at most twice; `pages` are billed."""
        for last in (False, True):
            try:
                client = await self._open()
                operation: Callable[..., Json] = getattr(client, name)
                async with self._metered(hint.chat_id, pages):
                    return await asyncio.to_thread(operation, **arguments)
            except UnavailableError:
                raise
            except Exception as error:
                if last or not _may_repeat(error):
                    raise self._failed(error) from error
            await asyncio.sleep(_PAUSE_SECONDS)
        raise AssertionError

    @asynccontextmanager
    async def _metered(self, chat_id: int, pages: int) -> AsyncIterator[None]:
        """Meter a call that costs money; a refused one is free."""
        if not pages:
            yield
            return
        cost = price_of(TEXTRACT).pages(pages)
        async with self.meter.call(PlannedCall(chat_id, "textract", TEXTRACT, cost)) as bill:
            try:
                yield
            except Exception as error:
                _bill_failure(bill, error)
                raise
            bill.paid(cost)

    async def _open(self) -> Any:  # noqa: ANN401 -- a boto3 client has no type
        async with self._opening:
            if self._client is None:
                self._client, self._http = await asyncio.to_thread(_build_client, self.access)
        return self._client

    def _failed(self, error: Exception) -> UnavailableError:
        """Count a failure of the service; log only its class and code."""
        code = _code_of(error)
        if code not in _OURS:
            permanent = code in _PERMANENT or type(error).__name__ == "NoCredentialsError"
            self.breaker.record_failure(permanent=permanent)
        _log.warning("textract failed: %s %s", type(error).__name__, code)
        return UnavailableError("textract_failed")


def _build_client(access: AwsAccess) -> tuple[Any, BoundedAws]:
    """Import boto3 and build its client; retries are made here."""
    import boto3  # noqa: PLC0415 -- a third of a second and 40 MB, with the first receipt only
    from botocore.config import Config  # noqa: PLC0415 -- as above

    client = boto3.client(
        "textract",
        region_name=access.region or None,
        endpoint_url=access.endpoint_url or None,
        aws_access_key_id=access.key_id or None,
        aws_secret_access_key=access.secret_key or None,
        config=Config(
            connect_timeout=3,
            read_timeout=CALL_SECONDS,
            retries={"total_max_attempts": 1, "mode": "standard"},
        ),
    )
    http = BoundedAws(CALL_SECONDS)
    client.meta.events.register("before-send.textract", http.send)
    return client, http


def _code_of(error: Exception) -> str:
    answer = getattr(error, "response", None)
    if not isinstance(answer, dict):
        return ""
    return str(answer.get("Error", {}).get("Code", ""))


def _status_of(error: Exception) -> int:
    answer = getattr(error, "response", None)
    if not isinstance(answer, dict):
        return 0
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _may_repeat(error: Exception) -> bool:
    """Return whether a retry may succeed; a call that timed out is not repeated."""
    quick = {"EndpointConnectionError", "ConnectionClosedError", "ConnectTimeoutError"}
    if _code_of(error) in _AGAIN or type(error).__name__ in quick:
        return True
    return _status_of(error) >= _BROKEN


def _bill_failure(bill: Bill, error: Exception) -> None:
    """Bill nothing for a refusal; an answer that came too late may have been billed by AWS."""
    if type(error).__name__ not in {"ReadTimeoutError", "ResponseParserError"}:
        bill.cost_micros = 0

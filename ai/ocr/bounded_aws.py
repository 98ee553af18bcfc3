"""Send HTTP requests to AWS with bounds on the bytes and seconds of a whole answer.

boto3's read time-out counts from byte to byte, so a trickling or endless answer would hold its thread
and fill memory forever. botocore accepts an answer from a handler of `before-send` instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

ANSWER_BYTES_MAX: Final = 16 << 20
"""A page of dense print yields about a megabyte of blocks and polygons."""
CONNECT_SECONDS: Final = 3.0
_PART_BYTES: Final = 1 << 16


class BoundedAws:
    """Sends requests for a boto3 client; register `send` for `before-send`."""

    def __init__(self, seconds_max: float) -> None:
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415 -- loads with boto3

        self._seconds_max = seconds_max
        self._session = URLLib3Session(timeout=(CONNECT_SECONDS, seconds_max))

    def send(self, request: Any, **_: object) -> Any:  # noqa: ANN401 -- botocore's, untyped
        """Send a signed request and return its whole answer.

        Raises:
            ReadTimeoutError: botocore's; the answer takes too long or has no end.
        """
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 -- loads with boto3

        until = time.monotonic() + self._seconds_max
        request.stream_output = True
        answer = self._session.send(request)
        body = _read(answer.raw, until, request.url)
        return AWSResponse(answer.url, answer.status_code, answer.headers, _Whole(body))

    def close(self) -> None:
        """Close connections."""
        self._session.close()


class _Whole:
    """A body that is already in memory."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def _read(raw: Any, until: float, url: str) -> bytes:  # noqa: ANN401 -- urllib3's, untyped
    from botocore.exceptions import ReadTimeoutError  # noqa: PLC0415 -- loads with boto3

    parts: list[bytes] = []
    taken = 0
    for part in raw.stream(_PART_BYTES):
        parts.append(part)
        taken += len(part)
        if taken > ANSWER_BYTES_MAX or time.monotonic() > until:
            raw.close()
            raise ReadTimeoutError(endpoint_url=url)
    return b"".join(parts)

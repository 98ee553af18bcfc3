"""The child process itself: takes one request after another from stdin and answers on stdout.

A request is a line of JSON with the number of bytes that follow; an answer is a line of JSON, or of
JSON with the number of bytes that follow. Libraries that print do it on stderr. Run by `ai.child`
as `python -m ai.ocr.worker`; it ends when its parent closes the pipe.
"""

from __future__ import annotations

import json
import os
from typing import IO, Any

from ports.reading import Refusal

REQUEST_BYTES_MAX = 64 * 1024 * 1024


def main() -> None:
    """Serve requests until stdin ends."""
    _limit_resources()
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(min(int(request["bytes"]), REQUEST_BYTES_MAX))
        _answer(request, data, answers)


def _answer(request: dict[str, Any], data: bytes, answers: IO[bytes]) -> None:
    body = _copy(data, request) if request["do"] == "copy" else _read(data, request)
    answers.write(str(len(body)).encode() + b"\n" + body)
    answers.flush()


def _read(data: bytes, request: dict[str, Any]) -> bytes:
    from ai.ocr.reader import read_file  # noqa: PLC0415 - models and OpenCV load on first use
    from ai.ocr.wire import encode  # noqa: PLC0415 - as above

    return encode(read_file(data, str(request.get("language", ""))))


def _copy(data: bytes, request: dict[str, Any]) -> bytes:
    from ai.files.copies import clean_copy  # noqa: PLC0415 - loads on first use
    from ai.ocr.wire import encode  # noqa: PLC0415 - as above

    copy = clean_copy(data, int(request["side_max"]), int(request.get("page", 0)))
    return encode(copy) if isinstance(copy, Refusal) else copy


def _limit_resources() -> None:
    """No core files (they would hold the picture) and no files written at all."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()

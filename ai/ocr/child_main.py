"""Serve requests from stdin in the reader's child process, and answer on stdout.

A request is a line of JSON with the number of bytes that follow. An answer is a line with the number
of its bytes, then the answer itself. Output of libraries goes to stderr. `ai.child` runs it as
`python -m ai.ocr.child_main`; it ends when its parent closes the pipe.
"""

from __future__ import annotations

import json
import os
from typing import IO, Any

from ports.reading import FileRefusal

REQUEST_BYTES_MAX = 64 * 1024 * 1024


def main() -> None:
    """Serve requests until stdin ends."""
    _limit_resources()
    # The pipes move to other descriptors, so that a printing library cannot break the protocol.
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
    from ai.ocr.protocol import encode  # noqa: PLC0415 - as above
    from ai.ocr.reader import read_file  # noqa: PLC0415 - models and OpenCV load on first use

    return encode(read_file(data, str(request.get("language", ""))))


def _copy(data: bytes, request: dict[str, Any]) -> bytes:
    from ai.files.copies import clean_copy  # noqa: PLC0415 - loads on first use
    from ai.ocr.protocol import encode  # noqa: PLC0415 - as above

    copy = clean_copy(data, int(request["side_max"]), int(request.get("page", 0)))
    return encode(copy) if isinstance(copy, FileRefusal) else copy


def _limit_resources() -> None:
    """Forbid core files, which would hold the picture."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()

"""Encode readings as JSON for the pipe between the child process and the main one.

JSON instead of pickle, because the child handles untrusted files: code that takes the child over must
not be able to run in the process that holds the token.
"""

from __future__ import annotations

import json
from typing import Any

from ports.reading import Box, Code, FileRefusal, Page, Reading, TextRun


def encode(answer: Reading | FileRefusal) -> bytes:
    """Encode an answer of the local reader, which never holds typed receipts."""
    if isinstance(answer, FileRefusal):
        refusal = {"id": answer.message_id, "values": answer.values, "later": answer.temporary}
        return json.dumps({"refusal": refusal}).encode()
    return json.dumps(
        {
            "pages": [_page(page) for page in answer.pages],
            "missing": answer.missing,
            "left_out": answer.pages_left_out,
            "print": answer.picture_print,
        }
    ).encode()


def decode(message: bytes) -> Reading | FileRefusal:
    """Decode an answer.

    Raises:
        ValueError, KeyError, TypeError: the message is malformed.
    """
    fields = json.loads(message)
    if "refusal" in fields:
        refusal = fields["refusal"]
        return FileRefusal(str(refusal["id"]), dict(refusal["values"]), bool(refusal["later"]))
    return Reading(
        "local",
        tuple(_parse_page(page) for page in fields["pages"]),
        missing=tuple(str(script) for script in fields["missing"]),
        pages_left_out=int(fields["left_out"]),
        picture_print=str(fields["print"]),
    )


def _page(page: Page) -> dict[str, Any]:
    return {
        "size": (page.width, page.height),
        "lines": [(line.text, line.confidence, line.box.corners) for line in page.lines],
        "codes": [(code.text, code.format) for code in page.codes],
    }


def _parse_page(fields: dict[str, Any]) -> Page:
    width, height = fields["size"]
    return Page(
        float(width),
        float(height),
        tuple(_parse_line(*line) for line in fields["lines"]),
        tuple(Code(str(text), str(kind)) for text, kind in fields["codes"]),
    )


def _parse_line(text: str, confidence: float, corners: list[float]) -> TextRun:
    x0, y0, x1, y1, x2, y2, x3, y3 = (float(value) for value in corners)
    return TextRun(str(text), Box((x0, y0, x1, y1, x2, y2, x3, y3)), float(confidence))

"""Read JSON from outside so that one odd character never blocks the rest.

orjson is strict: half of a surrogate pair, which a cut emoji leaves behind, makes a whole page of
updates unreadable, and a page that cannot be read would be asked for again without end. What it
refuses is read leniently, and each such half becomes U+FFFD.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


def parse_json(body: bytes) -> Any:  # noqa: ANN401  # JSON has every shape
    """Return the value of a JSON text.

    Raises:
        ValueError: it is not JSON, or nested deeper than anybody writes.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _parse_leniently(body)


def _parse_leniently(body: bytes) -> Any:  # noqa: ANN401  # as above
    try:
        lenient = json.dumps(json.loads(body), ensure_ascii=False)
    except RecursionError as error:
        message = "nested too deep"
        raise ValueError(message) from error
    # UTF-16 is where a pair of halves is one character and a lone half is an error.
    whole = lenient.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return orjson.loads(whole)


def dump_json(value: Any) -> str | None:  # noqa: ANN401  # as above
    """Return a value as JSON, or None when it is nested deeper than orjson writes (254)."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return None

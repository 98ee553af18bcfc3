"""Classify a model server's failures by retry, pause and possible cost."""

from __future__ import annotations

from enum import Enum
from typing import Final

PAUSE_SECONDS_MAX: Final = 2.0
"""A server that requests a longer pause is not retried for this message."""
_PAUSE_SECONDS: Final = 0.3
_UNKNOWN_PATH: Final = frozenset({404, 405, 501})
_KEY_REFUSED: Final = frozenset({401, 403})
_BUSY: Final = 429
_BROKEN: Final = 500
_NO_QUOTA: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class Charge(Enum):
    """Assumed cost of a failed call."""

    NOTHING = "nothing"
    """The server refused it, or was not reached."""
    SOME = "some"
    """The server may have worked on it: all of the input, a part of the output."""
    ALL = "all"
    """The server answered, but not usably."""


def charge_for(error: BaseException) -> Charge:
    """Return the assumed cost of a failed call."""
    from openai import (  # noqa: PLC0415 -- loads with the first question
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
    )

    if isinstance(error, APITimeoutError | TimeoutError) or not isinstance(error, Exception):
        return Charge.SOME
    return Charge.NOTHING if isinstance(error, APIConnectionError | APIStatusError) else Charge.ALL


def is_unknown_path(error: Exception) -> bool:
    """Return whether the server does not know this part of the interface."""
    return getattr(error, "status_code", None) in _UNKNOWN_PATH


def is_out_of_quota(error: Exception) -> bool:
    """Return whether the account has no quota left, which no pause cures."""
    return getattr(error, "code", None) in _NO_QUOTA


def is_permanent(error: Exception) -> bool:
    """Return whether the next question would fail the same way."""
    return getattr(error, "status_code", None) in _KEY_REFUSED or is_out_of_quota(error)


def pause_after(error: Exception) -> float | None:
    """Return the seconds before the same question may be repeated; None if it may not."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError  # noqa: PLC0415

    if isinstance(error, APITimeoutError) or is_permanent(error):
        return None
    if isinstance(error, APIConnectionError):
        return _PAUSE_SECONDS
    if not isinstance(error, APIStatusError):
        return None
    if error.status_code != _BUSY and error.status_code < _BROKEN:
        return None
    try:
        asked = float(error.response.headers.get("retry-after", _PAUSE_SECONDS))
    except ValueError:
        return None
    return asked if 0 <= asked <= PAUSE_SECONDS_MAX else None

"""What the failures of a model server mean: whether to ask again, and whether it was charged."""

from __future__ import annotations

from enum import Enum
from typing import Final

PAUSE_SECONDS_MAX: Final = 2.0
"""A server that asks for a longer pause is not asked again for this message."""
_PAUSE_SECONDS: Final = 0.3
_UNKNOWN_PATH: Final = frozenset({404, 405, 501})
_KEY_REFUSED: Final = frozenset({401, 403})
_BUSY: Final = 429
_BROKEN: Final = 500
_NO_QUOTA: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


class Charge(Enum):
    """What a failed call is taken to have cost."""

    NOTHING = "nothing"
    """The server refused it, or was not reached."""
    SOME = "some"
    """It may have been worked on: what was sent, and a part of what might have come back."""
    ALL = "all"
    """It was answered, but not usefully."""


def charge_for(error: BaseException) -> Charge:
    """Say what a failed call may have cost."""
    from openai import (  # noqa: PLC0415 -- loads with the first question
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
    )

    if isinstance(error, APITimeoutError | TimeoutError) or not isinstance(error, Exception):
        return Charge.SOME
    return Charge.NOTHING if isinstance(error, APIConnectionError | APIStatusError) else Charge.ALL


def is_unknown_path(error: Exception) -> bool:
    """Say whether the server does not know this part of the interface."""
    return getattr(error, "status_code", None) in _UNKNOWN_PATH


def is_out_of_quota(error: Exception) -> bool:
    """Say whether the account has run dry, which no pause cures."""
    return getattr(error, "code", None) in _NO_QUOTA


def is_hopeless(error: Exception) -> bool:
    """Say whether the next question would fail the same way."""
    return getattr(error, "status_code", None) in _KEY_REFUSED or is_out_of_quota(error)


def pause_after(error: Exception) -> float | None:
    """Return after how many seconds the same question may be asked again; None: not at all."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError  # noqa: PLC0415

    if isinstance(error, APITimeoutError) or is_hopeless(error):
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

"""Confirmations that queued up behind the pacing, joined into one message."""

from __future__ import annotations

from collections.abc import Sequence

from looks.markup import TEXT_MAX, Html, fitting, rows
from ports.messages import Line, Reply

JOINED_MAX = 30
"""So many lines at most, so that entities stay under Telegram's hundred."""


def joined(lines: Sequence[Line]) -> Reply:
    """Put confirmations into one message: a line per entry, one button that opens each.

    Give at most `count_that_fits` lines; what is beyond belongs into the next message.
    """
    return Reply(
        rows(*(Html(line.text) for line in lines)), tuple((line.button,) for line in lines)
    )


def count_that_fits(lines: Sequence[Line]) -> int:
    """Return how many of these lines one message can hold, from the first on."""
    return fitting([Html(line.text) for line in lines[:JOINED_MAX]], TEXT_MAX)

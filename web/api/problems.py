"""Say in problem documents what is wrong with a call, and what to do."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

from ledger.errors import (
    InputError,
    LedgerError,
    NotAllowedError,
    NotFoundError,
    WrongFieldsError,
)
from ledger.settings import Settings
from ports.answers import Refused
from presentation.localizer import Localizer, localizer_for
from presentation.views.captured import refusal
from presentation.views.errors import sentence
from web.problems import DETAILS, ProblemError, problem_of

NOT_FOUND = "not_found"
_TAG = re.compile(r"<[^>]*>")
_ISOLATES = str.maketrans(dict.fromkeys("\u2066\u2067\u2068\u2069"))
"""Marks that keep foreign words apart in a chat; programs have no use for them."""


@dataclass(frozen=True, slots=True)
class WrongField:
    """A field that cannot be taken; `pointer` is a JSON pointer, or the name of a parameter."""

    pointer: str
    detail: str


def wrong_fields(wrong: Sequence[WrongField]) -> ProblemError:
    """Return the problem of fields that cannot be taken."""
    detail = "; ".join(f"{one.pointer}: {one.detail}" for one in wrong)
    return ProblemError(422, "invalid_fields", detail, more={"errors": list(map(asdict, wrong))})


def not_found() -> ProblemError:
    """Return the problem of anything that is not there, or not for this caller."""
    return ProblemError(404, NOT_FOUND, "There is no such thing for this login.")


def explained(error: LedgerError) -> ProblemError:
    """Return the problem of an error of a service, with its sentence."""
    if isinstance(error, NotFoundError):
        # One answer for all, or it would tell which ids of other ledgers exist.
        return not_found()
    problem = problem_of(error)
    if isinstance(error, WrongFieldsError):
        named = explain_fields(error.wrong)
        problem.detail = " ".join(one.detail for one in named)
        problem.more = {"errors": [asdict(one) for one in named]}
    elif problem.code not in DETAILS and isinstance(error, (InputError, NotAllowedError)):
        problem.detail = explain(error.message_id, error.values)
    return problem


def explain_fields(wrong: Mapping[str, InputError]) -> list[WrongField]:
    """Return fields with the sentences of their errors."""
    return [
        WrongField(f"/{name}", explain(error.message_id, error.values))
        for name, error in wrong.items()
    ]


def explain_refusal(refused: Refused) -> str:
    """Return the reason why a part of a sentence is not booked."""
    return as_plain_text(str(refusal(replace(refused, words=""), _english())))


def explain(message_id: str, values: Mapping[str, object]) -> str:
    """Return an error's sentence in English, as plain text."""
    return as_plain_text(str(sentence(message_id, values, _english())))


def as_plain_text(text: str) -> str:
    """Return a text of the chat without markup."""
    return html.unescape(_TAG.sub("", text)).translate(_ISOLATES)


@cache
def _english() -> Localizer:
    return localizer_for(Settings(currency="EUR", timezone="UTC", language="en"))

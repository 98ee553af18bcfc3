"""Errors in words: every `message_id` of ours becomes a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ledger.errors import LedgerError
from ledger.money import Money
from ports.messages import Reply
from presentation.localizer import Localizer, Value
from presentation.markup import Html


def error(problem: LedgerError, t: Localizer) -> Reply:
    """Explain an error and what to do about it."""
    return Reply(sentence(problem.message_id, problem.values, t))


def sentence(message_id: str, values: Mapping[str, object], t: Localizer) -> Html:
    """Say an error's sentence; one that the catalogue does not know is a plain apology."""
    empty = [name for name, value in values.items() if value in ((), [], "")]
    bare = [f"error.{message_id}.no_{name}" for name in empty]
    return t.first((*bare, f"error.{message_id}", "error.unknown"), **spoken(values, t))


def apology(reference: str, t: Localizer) -> Reply:
    """Say that something failed for good, with the id under which the operator finds it."""
    return Reply(t("error.apology", reference=reference))


def stranger(t: Localizer) -> Reply:
    """Refuse, once and politely, somebody whom this installation does not serve."""
    return Reply(t("error.stranger"))


def spoken(values: Mapping[str, object], t: Localizer) -> dict[str, Value]:
    """Make an error's values fit for a sentence; foreign words are bounded and isolated."""
    shown: dict[str, Value] = {}
    for name, value in values.items():
        if name == "scope":
            shown[name] = t.scope(str(value))
        elif isinstance(value, int | Decimal | Money):
            shown[name] = value
        elif isinstance(value, tuple | list):
            shown[name] = t.listed(*(t.scope(str(one)) for one in value))
        elif isinstance(value, date):
            shown[name] = t.dated(value, value)
        else:
            shown[name] = t.user(str(value), 100)
    return shown

"""Read the JSON that `/export json` writes: entries with all fields, and the rest of the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ledger.budgets.budget import budget_fields, budget_with_fields
from ledger.entries.entry import EntryType, Mark, Source
from ledger.imports.kvitto_series import check_series
from ledger.imports.rows import ImportRow
from ledger.money import AMOUNT_MAX, Money, is_currency
from ledger.rates.values import rate_fields, with_rate_fields
from ledger.settings import Settings, settings_fields, with_settings_fields
from ledger.statements import UnreadableRow

Part = TypeVar("Part")

_BEGINS = re.compile(r'\s*\{\s*"kvitto"\s*:\s*\d')
_VERSION = 1
_ID = re.compile(r"[0-9a-z]{26}")
_KINDS = ("note", "merchant")
_TEXT_MAX = 500
_PARTS_MAX = 10_000
"""Budgets, rates, series or corrections of a document; more are not a chat's."""


class DocumentError(ValueError):
    """The document does not hold what it names."""


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """Everything of an export but its entries, checked, as JSON fields."""

    settings: Mapping[str, Any]
    budgets: tuple[Mapping[str, Any], ...]
    corrections: tuple[Mapping[str, str], ...]
    rates: tuple[Mapping[str, str], ...]
    series: tuple[Mapping[str, Any], ...] = ()
    refused_series: tuple[str, ...] = ()
    refused_insights: tuple[str, ...] = ()
    """Kind and object of each, with a colon between."""


def is_kvitto_json(text: str) -> bool:
    """Return whether a text begins as Kvitto's own export does."""
    return _BEGINS.match(text) is not None


def read_kvitto_json(text: str) -> tuple[LedgerDocument, Iterator[ImportRow | UnreadableRow]]:
    """Return the document and its entries; `line` is the entry's place in the list.

    Raises:
        DocumentError: The text is broken, of a newer version, or holds a part that is not valid.
    """
    try:
        values = json.loads(text)
        if values["kvitto"] != _VERSION:
            raise DocumentError
        document = LedgerDocument(
            _check_settings(values["settings"]),
            tuple(_check(values["budgets"], _check_budget)),
            tuple(_check(values["corrections"], _check_correction)),
            tuple(_check(values["rates"], _check_rate)),
            # Exports of the first releases have no series.
            tuple(_check(values.get("series", []), check_series)),
            tuple(_check(values.get("refused_series", []), _check_key)),
            tuple(_check(values.get("refused_insights", []), _check_key)),
        )
        entries = list(values["entries"])
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise DocumentError from error
    return document, (_read(number, entry) for number, entry in enumerate(entries, 1))


def _check(parts: list[Any], check: Callable[[Any], Part]) -> Iterator[Part]:
    if len(parts) > _PARTS_MAX:
        raise DocumentError
    return map(check, parts)


def _check_settings(fields: dict[str, Any]) -> Mapping[str, Any]:
    """Return the fields as the settings that they make write them."""
    plain = Settings(currency="EUR", timezone="UTC", language="en")
    for name, value in fields.items():
        expected = getattr(plain, name, None)
        is_typed = expected is None or isinstance(value, list) or type(value) is type(expected)
        if name in Settings.__slots__ and not is_typed:
            raise DocumentError
    settings = with_settings_fields(plain, fields)
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise DocumentError from error
    hours = (settings.weekly_hour, settings.monthly_hour, settings.nudge_hour)
    is_whole = (
        is_currency(settings.currency)
        and 0 <= settings.week_start <= 6  # noqa: PLR2004  # Sunday
        and 1 <= settings.month_start <= 31  # noqa: PLR2004  # days of a month
        and all(0 <= hour <= 23 for hour in (*hours, *settings.quiet_hours))  # noqa: PLR2004
        and bool(settings.calendar)
    )
    if not is_whole:
        raise DocumentError
    return settings_fields(settings)


def _check_budget(fields: dict[str, Any]) -> Mapping[str, Any]:
    return budget_fields(budget_with_fields("", 0, fields))


def _check_correction(fields: dict[str, Any]) -> Mapping[str, str]:
    kind, key, category = (str(fields[name])[:_TEXT_MAX] for name in ("kind", "key", "category"))
    if kind not in _KINDS or not key:
        raise DocumentError
    return {"kind": kind, "key": key, "category": category}


def _check_rate(fields: dict[str, Any]) -> Mapping[str, str]:
    rate = with_rate_fields(0, fields)
    if not (is_currency(rate.pair.source) and is_currency(rate.pair.target) and rate.value > 0):
        raise DocumentError
    return rate_fields(rate)


def _check_key(key: object) -> str:
    if not isinstance(key, str) or not 0 < len(key) <= _TEXT_MAX:
        raise DocumentError
    return key


def _read(number: int, entry: dict[str, Any]) -> ImportRow | UnreadableRow:
    try:
        return _build(number, entry)
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
        return UnreadableRow(number, str(entry)[:_TEXT_MAX], "cells")


def _build(number: int, entry: dict[str, Any]) -> ImportRow:
    money = Money(Decimal(entry["amount"]), entry["currency"])
    known = {"type": get_args(EntryType), "source": get_args(Source)}
    if any(entry[name] not in values for name, values in known.items()):
        raise DocumentError
    if not is_currency(money.currency) or not 0 < money.amount <= AMOUNT_MAX:
        raise DocumentError
    return ImportRow(
        line=number,
        on=date.fromisoformat(entry["date"]),
        type=entry["type"],
        money=money,
        merchant=(entry["merchant"] or "")[:_TEXT_MAX],
        note=entry["note"],
        category=entry["category"] or "",
        tags=tuple(map(str, entry["tags"])),
        paid_by=entry["paid_by"] or "",
        reference=entry["id"],
        shares=tuple(_take_share(one) for one in entry.get("shares", ())),
        kept=_take_kept(entry),
    )


def _take_share(share: dict[str, Any]) -> tuple[str, str]:
    amount = Decimal(share["amount"])
    if not abs(amount) <= AMOUNT_MAX:
        raise DocumentError
    return str(share["name"])[:_TEXT_MAX], f"{amount:f}"


def _take_kept(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that only this format has."""
    written = [datetime.fromisoformat(entry[name]) for name in ("created_at", "updated_at")]
    return {
        "id": entry["id"] if _ID.fullmatch(entry["id"]) else "",
        "source": entry["source"],
        "created_at": written[0].astimezone(UTC).isoformat(),
        "updated_at": written[1].astimezone(UTC).isoformat(),
        "paid_by_id": int(entry["paid_by_id"]),
        "category_guessed": entry["category_guessed"] is True,
        "marks": [mark for mark in entry["marks"] if mark in get_args(Mark)],
    }

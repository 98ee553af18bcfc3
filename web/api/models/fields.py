"""Define the fields that models share, with what a program may write in them.

Amounts are decimal text. A JSON number is taken as well, digit by digit: bodies are parsed with
`Decimal` for numbers, so no float touches money.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue

from ledger.money import AMOUNT_MAX, MINOR_DIGITS

DAY_MIN, DAY_MAX = date(1970, 1, 1), date(2199, 12, 31)
NOTE_MAX, NAME_MAX, SENTENCE_MAX, INSTANT_MAX = 1000, 200, 4096, 40
"""Characters of a note, of any name, of a sentence as long as a message, and of a time."""

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Control characters and lone surrogates, which no database and no JSON text holds.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("null is no value here; leave the field out to keep it")
    return value


class _NeverNull(BeforeValidator):
    """Marks a field that may be left out and is never null."""

    def __get_pydantic_json_schema__(
        self,
        core: Any,  # noqa: ANN401  # pydantic's own description of a field
        handler: GetJsonSchemaHandler,
    ) -> JsonSchemaValue:
        return without_null(handler(core))


NEVER_NULL = _NeverNull(_refuse_null)


def without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an optional field for where it is given."""
    kept = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    others = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    if not kept:
        return others
    return kept[0] | others if len(kept) == 1 else {"anyOf": kept} | others


class Model(BaseModel):
    """The base of all models, which refuses fields that it does not know."""

    # A misspelt field would else be passed over in silence, which may cost money.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _read_amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise ValueError("an amount is decimal text, such as 4.50")
    if isinstance(value, str) and not _AMOUNT.fullmatch(value):
        raise ValueError("an amount has digits and at most one point, such as 4.50")
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError("an amount is decimal text, such as 4.50") from None
    if not amount.is_finite() or not 0 < amount <= AMOUNT_MAX:
        raise ValueError(f"an amount is more than 0 and at most {AMOUNT_MAX}")
    return amount


def _read_day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValueError("no calendar has this day; one is written as 2026-11-20") from None
        if DAY_MIN <= day <= DAY_MAX:
            return day
        raise ValueError(f"a day lies between {DAY_MIN} and {DAY_MAX}")
    raise ValueError("a day is written as 2026-11-20")


def _read_instant(value: object) -> datetime:
    if not isinstance(value, str) or len(value) > INSTANT_MAX:
        raise ValueError("a time is written as 2026-11-20T12:00:00Z")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("a time is written as 2026-11-20T12:00:00Z") from None
    if moment.tzinfo is None:
        raise ValueError("a time needs its zone, such as Z or +01:00")
    # A whole year of room, because a change of zone may cross into the next one.
    if not DAY_MIN.year < moment.year < DAY_MAX.year:
        raise ValueError(f"a time lies between {DAY_MIN} and {DAY_MAX}")
    return moment.astimezone(UTC)


def _read_currency(value: object) -> str:
    if not isinstance(value, str) or value not in MINOR_DIGITS:
        raise ValueError("a currency is the ISO 4217 code of money in use, such as EUR")
    return value


def _read_text(value: object) -> object:
    if isinstance(value, str) and _UNWRITABLE.search(value):
        raise ValueError("control characters and broken surrogates cannot be kept")
    return value


AmountIn = Annotated[
    Decimal,
    BeforeValidator(_read_amount),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,4})?$"},
                {"type": "number", "exclusiveMinimum": 0, "maximum": 999999999999.99},
            ],
            "description": "Decimal text with at most the currency's decimals.",
            "examples": ["4.50"],
        }
    ),
]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["4.50"])]
"""An amount in an answer, with the currency's decimals."""
CurrencyIn = Annotated[
    str,
    BeforeValidator(_read_currency),
    WithJsonSchema({"type": "string", "enum": sorted(MINOR_DIGITS), "examples": ["EUR"]}),
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
DayIn = Annotated[
    date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})
]
Day = Annotated[str, Field(json_schema_extra={"format": "date"}, examples=["2026-11-20"])]
Instant = Annotated[
    str, Field(json_schema_extra={"format": "date-time"}, examples=["2026-11-20T12:00:00Z"])
]


Note = Annotated[
    str,
    BeforeValidator(_read_text),
    Field(max_length=NOTE_MAX, json_schema_extra={"pattern": _TEXT_PATTERN}),
]
Name = Annotated[
    str,
    BeforeValidator(_read_text),
    Field(min_length=1, max_length=NAME_MAX, json_schema_extra={"pattern": _TEXT_PATTERN}),
]
Sentence = Annotated[
    str,
    BeforeValidator(_read_text),
    Field(min_length=1, max_length=SENTENCE_MAX, json_schema_extra={"pattern": _TEXT_PATTERN}),
]
SourceId = Annotated[str, Field(pattern=r"^[!-~]{1,200}$", examples=["sms-4711"])]
InstantIn = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Tag = Annotated[str, Field(pattern=r"^#?[\w][\w\-]{0,49}$", examples=["work"])]
EntryKind = Literal["expense", "income"]

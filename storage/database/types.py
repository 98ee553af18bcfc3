"""Define column types that mean the same on SQLite and on PostgreSQL.

Times are aware and in UTC: `timestamptz` on PostgreSQL, ISO text of one width on SQLite, so that
they compare as text. Money is an integer of minor units next to its ISO code, never a `Numeric`,
which SQLite keeps as a float.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Row, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

TIMES_KEPT = 64
"""Times that are kept written, since most of the nine that a text writes are its own moment."""

AnyRow = Row[*tuple[Any, ...]]
"""A row of any statement; its columns are read by name."""

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A running number; SQLite numbers only `INTEGER` keys by itself."""

Json = JSON(none_as_null=True)
"""`json`, not `jsonb`: PostgreSQL's `jsonb` refuses texts that hold an escaped NUL."""


class Utc(TypeDecorator[datetime]):
    """An aware time in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep text on SQLite, which has no type for times."""
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Write; a naive time is a programmer's error."""
        return write_time(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Read."""
        if value is None or dialect.name != "sqlite":
            found: datetime | None = value
            return found
        return datetime.fromisoformat(value)


class StorableText(TypeDecorator[str]):
    """Text of people, without characters that no database takes: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write."""
        _ = dialect
        return write_text(value)


@lru_cache(maxsize=TIMES_KEPT)
def write_time(value: datetime | None) -> str | None:
    """Write a time for SQLite."""
    if value is None:
        return None
    if value.tzinfo is UTC:
        # Nearly every time is in UTC already.
        return value.isoformat(timespec="microseconds")
    assert value.tzinfo is not None, "times are aware"
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def write_text(value: str | None) -> str | None:
    """Write text of people for either database."""
    return None if value is None else storable(value)


def storable(text: str) -> str:
    """Return the text without characters that UTF-8 or PostgreSQL cannot hold."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def dump_json(value: object) -> str:
    """Write JSON; texts that cannot be stored are made storable (see `storable`)."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return orjson.dumps(_storable(value)).decode()


def write_json(value: object) -> str | None:
    """Write a column of JSON for SQLite, where None becomes NULL instead of `null`."""
    return None if value is None else dump_json(value)


def write_day(value: date | None) -> str | None:
    """Write a day for SQLite."""
    return None if value is None else value.isoformat()


def _storable(value: object) -> object:
    """Clean every text of a JSON value."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(name)): _storable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value


load_json = orjson.loads

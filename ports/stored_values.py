"""Write dataclasses as values of JSON, and build them again.

A field holds plain values, dates, `Decimal`, a `Literal`, another dataclass, a tuple or a mapping of
these, a union of these, or `Any`. Nothing is converted to fit: a number as text is refused, because
Kvitto wrote the values itself. A `FormerName` in a field's annotation is read where the name is
missing. pydantic would do the same for 13 MB and a quarter of a second of every start.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")

_Load = Callable[[Any], Any]


class FormerName(NamedTuple):
    """The name that a field had in an older release, whose values may still wait."""

    name: str


class MisfitError(ValueError):
    """Raised when values do not fit a type. Its text names the type alone, never a value."""


def dump_value(value: object) -> Any:  # noqa: ANN401  # whatever JSON holds
    """Return a value as JSON can hold it.

    Raises:
        TypeError: it holds something that cannot be read again.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: dump_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): dump_value(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [dump_value(inner) for inner in value]
    raise TypeError(type(value).__name__)


def load_value(kind: type[T], stored: object) -> T:
    """Build a value of a type from what `dump_value` wrote.

    Raises:
        MisfitError: the stored value does not fit.
    """
    try:
        return cast("T", _loader(cast("Hashable", kind))(stored))
    except (ValueError, TypeError, ArithmeticError):
        # Their texts quote the values, which may be a person's.
        raise MisfitError(getattr(kind, "__name__", "value")) from None


@cache
def _loader(kind: Hashable) -> _Load:
    """Return the function that loads one type; made with the first value of it."""
    if kind in _LOADS:
        return _LOADS[kind]
    if isinstance(kind, type) and is_dataclass(kind):
        return partial(_load_dataclass, kind, _read_fields(kind))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return partial(_load_literal, arguments)
    if origin is Annotated:
        return _loader(arguments[0])
    loads = tuple(_loader(one) for one in arguments if one is not ...)
    if origin is tuple and ... in arguments:
        return partial(_load_tuple, *loads)
    assert origin in _GENERIC, f"{kind} cannot be stored"
    return partial(_GENERIC[origin], loads)


def _as_is(stored: object) -> object:
    return stored


def _load_plain(kind: type, stored: object) -> object:
    # True is a number of Python's, and nobody stored one where a number belongs.
    if not isinstance(stored, kind) or (kind is int and isinstance(stored, bool)):
        raise TypeError
    return stored


def _load_float(stored: object) -> float:
    if not isinstance(stored, int | float):
        raise TypeError
    return float(stored)


def _load_text(read: Callable[[str], Any], stored: object) -> object:
    if not isinstance(stored, str):
        raise TypeError
    return read(stored)


def _load_literal(known: tuple[object, ...], stored: object) -> object:
    if stored not in known:
        raise ValueError
    return stored


def _load_union(loads: tuple[_Load, ...], stored: object) -> object:
    for load in loads:
        try:
            return load(stored)
        except (ValueError, TypeError, ArithmeticError):
            continue
    raise TypeError


def _load_tuple(load: _Load, stored: object) -> tuple[Any, ...]:
    if not isinstance(stored, list | tuple):
        raise TypeError
    return tuple(map(load, stored))


def _load_row(loads: tuple[_Load, ...], stored: object) -> tuple[Any, ...]:
    if not isinstance(stored, list | tuple):
        raise TypeError
    return tuple(load(one) for load, one in zip(loads, stored, strict=True))


def _load_mapping(loads: tuple[_Load, ...], stored: object) -> dict[Any, Any]:
    if not isinstance(stored, Mapping):
        raise TypeError
    load_key, load = loads
    return {load_key(key): load(value) for key, value in stored.items()}


_LOADS: dict[Any, _Load] = {
    Any: _as_is,
    float: _load_float,
    **{kind: partial(_load_plain, kind) for kind in (str, int, bool, bytes, NoneType)},
    date: partial(_load_text, date.fromisoformat),
    datetime: partial(_load_text, datetime.fromisoformat),
    Decimal: partial(_load_text, Decimal),
}
_GENERIC: dict[Any, Callable[[tuple[_Load, ...], object], Any]] = {
    Union: _load_union,
    UnionType: _load_union,
    tuple: _load_row,
    dict: _load_mapping,
    Mapping: _load_mapping,
}


@dataclass(frozen=True, slots=True)
class _Field:
    """Says how one field of a dataclass is read."""

    name: str
    names: tuple[str, ...]
    """The name and the former ones, in the order in which they are looked for."""
    load: _Load
    is_needed: bool


def _read_fields(kind: type[DataclassInstance]) -> tuple[_Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found: list[_Field] = []
    for field in fields(kind):
        hint = hints[field.name]
        extras = getattr(hint, "__metadata__", ())
        former = tuple(one.name for one in extras if isinstance(one, FormerName))
        needed = field.default is MISSING and field.default_factory is MISSING
        found.append(_Field(field.name, (field.name, *former), _loader(hint), needed))
    return tuple(found)


def _load_dataclass(
    kind: type[DataclassInstance], listed: tuple[_Field, ...], stored: object
) -> DataclassInstance:
    if not isinstance(stored, Mapping):
        raise TypeError
    given: dict[str, Any] = {}
    for field in listed:
        name = next((name for name in field.names if name in stored), None)
        if name is not None:
            given[field.name] = field.load(stored[name])
        elif field.is_needed:
            raise TypeError
    return kind(**given)

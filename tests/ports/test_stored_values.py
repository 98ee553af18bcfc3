"""Jobs and events come back from the database as they went in, and nothing else does."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import orjson
import pytest

from ledger.imports.batches import Found
from ports import jobs
from ports.jobs import Event, ReceiptRead, RereadText, VoiceTranscribed
from ports.statements import FileKnowledge
from ports.stored_values import MisfitError, dump_value, load_value

STORED = [*(one for one in vars(jobs).values() if is_dataclass(one)), Found, FileKnowledge]
PLAIN: dict[Any, list[Any]] = {
    Any: [1, "x", None, [1, {"a": None}]],
    str: ["", "2026-01-01", "käse 🧀"],
    bool: [True, False],
    int: [0, -7, 2**53],
    float: [0.25, 3.0],
    type(None): [None],
    date: [date(2026, 2, 28)],
    datetime: [datetime(2026, 1, 2, 3, 4, 5, 6, UTC), datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2)))],
    Decimal: [Decimal("0.10"), Decimal("-1E+3")],
}  # fmt: skip


def invent(kind: Any, chance: random.Random) -> Any:  # noqa: ANN401  # values of every type
    """Return some value of a type."""
    if kind in PLAIN:
        return chance.choice(PLAIN[kind])
    if is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        given = {field.name: invent(hints[field.name], chance) for field in fields(kind)}
        return kind(**given) if isinstance(kind, type) else None
    return invent_generic(get_origin(kind), get_args(kind), chance)


def invent_generic(origin: object, arguments: tuple[Any, ...], chance: random.Random) -> object:
    if origin is Literal:
        return chance.choice(arguments)
    if origin is Annotated:
        return invent(arguments[0], chance)
    if origin in (Union, UnionType):
        return invent(chance.choice(arguments), chance)
    count = chance.randrange(3)
    if origin is tuple:
        inner = [arguments[0]] * count if ... in arguments else arguments
        return tuple(invent(one, chance) for one in inner)
    return {invent(arguments[0], chance): invent(arguments[1], chance) for _ in range(count)}


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.__name__)
def test_what_was_stored_comes_back(kind: type[Any]) -> None:
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for _ in range(20):
        value = invent(kind, chance)
        text = orjson.dumps(dump_value(value))
        assert load_value(kind, orjson.loads(text)) == value, f"seed {seed}"


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str
    books: tuple[tuple[str, int], ...] = ()
    until: date | None = None
    state: Literal["open", "full"] = "open"
    weight: float = 1.0


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        None,
        {"name": 7},
        {"name": "a", "books": "ab"},
        {"name": "a", "books": [["b", "secret"]]},
        {"name": "a", "books": [["b", True]]},
        {"name": "a", "books": [["b", 1, 2]]},
        {"name": "a", "until": "secret"},
        {"name": "a", "until": 20260101},
        {"name": "a", "state": "secret"},
        {"name": "a", "weight": "1"},
        {"name": "a", "state": ["open"]},
    ],
)
def test_what_does_not_fit_is_refused_without_quoting_it(stored: object) -> None:
    with pytest.raises(MisfitError) as caught:
        load_value(Shelf, stored)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_what_is_missing_has_its_default_and_what_is_unknown_is_left_out() -> None:
    assert load_value(Shelf, {"name": "a", "of_a_newer_release": 1, "weight": 2}) == Shelf(
        "a", weight=2.0
    )


def test_what_cannot_be_read_again_is_not_written() -> None:
    with pytest.raises(TypeError):
        dump_value({"who": object()})


@pytest.mark.parametrize(
    ("event", "former"),
    [
        (VoiceTranscribed, {"text": "words", "reason": "why", "message_key": "handle"}),
        (RereadText, {"message_key": "handle"}),
        (ReceiptRead, {}),
    ],
)
def test_names_of_the_first_release_are_read(event: type[Event], former: dict[str, str]) -> None:
    value = invent(event, random.Random(1))
    stored = {former.get(name, name): inner for name, inner in dump_value(value).items()}
    if stored.get("refusal"):
        stored["refusal"]["id"] = stored["refusal"].pop("reason")
    assert load_value(event, stored) == value

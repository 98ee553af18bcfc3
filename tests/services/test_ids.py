"""Ids: opaque, unique, and in the order in which they were made."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from services.ids import new_id

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_ids_of_one_moment_rise() -> None:
    made = [new_id(NOW) for _ in range(1000)]
    assert made == sorted(set(made))


def test_a_later_moment_lies_above_an_earlier_one() -> None:
    made = [new_id(NOW + timedelta(milliseconds=number)) for number in range(5)]
    assert made == sorted(made)
    assert {len(one) for one in made} == {26}


def test_neighbours_are_far_apart() -> None:
    first, second = new_id(NOW), new_id(NOW)
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

    def number(text: str) -> int:
        return sum(alphabet.index(letter) << 5 * at for at, letter in enumerate(reversed(text)))

    assert number(second) - number(first) > 1 << 32


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: new_id(NOW), range(2000)))
    assert len(set(made)) == 2000

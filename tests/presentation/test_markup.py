from __future__ import annotations

import random

import pytest

from presentation.markup import (
    Html,
    blocks,
    clean,
    dotted,
    escape,
    fitting,
    foreign,
    isolate,
    rows,
    seen_units,
    shorten,
    units,
    visible,
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("coffee", 6),
        ("café", 4),
        ("🍽️", 3),  # a pair of surrogates and a variation selector
        ("👨‍👩‍👧", 8),  # three pairs and two joiners
        ("食", 1),
        ("", 0),
    ],
)
def test_lengths_are_counted_in_utf_16_units(text: str, count: int) -> None:
    assert units(text) == count == len(text.encode("utf-16-le")) // 2


def test_tags_and_entities_do_not_count() -> None:
    assert seen_units("<b>a &lt; b</b>") == len("a < b")
    assert visible("<b>a &amp;lt; b</b>") == "a &lt; b"


def test_what_is_not_html_is_escaped_when_it_is_joined() -> None:
    assert rows("<b>", Html("<b>x</b>"), "") == "&lt;b&gt;\n<b>x</b>"
    assert blocks("a", "", "&") == "a\n\n&amp;"
    assert dotted("", "a", "b<") == "a · b&lt;"
    assert escape(escape("a & b")) == "a &amp; b"


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("coffee", 6, "coffee"),  # it fits
        ("coffee to go", 8, "coffee…"),  # no blank before the dots
        ("ab🍕🍕", 5, "ab🍕…"),  # a pair is never torn
        ("ab👍🏽x", 6, "ab…"),  # nor a skin tone from its hand
        ("a👨‍👩‍👧b", 6, "a…"),  # nor a family
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),  # nor an accent from its letter
    ],
)
def test_text_is_cut_between_characters(text: str, most: int, cut: str) -> None:
    shown = shorten(text, most)
    assert shown == cut
    assert units(shown) <= most


def test_cutting_any_text_keeps_to_the_limit_and_to_utf_8() -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    chance = random.Random(seed)
    alphabet = "ab é🍕👍🏽食مر\u200d\ufe0f\u0301\u200f"
    for _ in range(2000):
        text = "".join(chance.choices(alphabet, k=chance.randint(0, 30)))
        most = chance.randint(1, 20)
        assert units(shorten(text, most)) <= most
        shorten(text, most).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\t c", "a b c"),  # a note stays on its line
        ("pay\u202e 05.4", "pay 05.4"),  # an override would turn the amount around
        ("\u2067x\u2069", "x"),  # isolates of somebody else
        ("a\x00b\x1bc", "abc"),  # control characters
        ("x\ud800y", "xy"),  # half a pair cannot be sent
        ("👨\u200d👩", "👨\u200d👩"),  # joiners of emojis stay
    ],
)
def test_foreign_text_cannot_break_its_line(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_right_to_left_text_is_isolated_and_other_text_is_not() -> None:
    assert isolate("قهوة") == "\u2068قهوة\u2069"
    assert isolate("coffee") == "coffee"
    assert foreign("قهوة \u202e", 50) == "\u2068قهوة\u2069"


def test_lines_are_counted_until_the_room_is_full() -> None:
    lines = [Html("<b>12345</b>")] * 5
    assert fitting(lines, 5) == 1
    assert fitting(lines, 11) == 2
    assert fitting(lines, 10) == 1
    assert fitting(lines, 100) == 5

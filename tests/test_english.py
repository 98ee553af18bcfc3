"""The English check finds the words that it lists, and nothing in code or quotations."""

from __future__ import annotations

import pytest

from tests.check_english import find_faults


@pytest.mark.parametrize(
    "source",
    [
        '"""What the bot says."""',
        '"""Return the sum, which is no amount."""',
        'def f() -> None:\n    """Keep it for ever."""',
        'class A:\n    """A value."""\n    size: int\n    """How large it is."""',
        "x = 1  # it does not count any more",
        '"""Put the button beside\nthe other one."""',
    ],
)
def test_a_fault_is_found(source: str) -> None:
    assert list(find_faults(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Return the sum; there is no upper bound."""',
        '"""Read `for ever` and "any more" as words of a note."""',
        'beside = "what is no code"',
        "x = 1  # the page is no longer shown",
        "import os  # noqa: F401",
    ],
)
def test_plain_english_and_quotations_pass(source: str) -> None:
    assert not list(find_faults(source))

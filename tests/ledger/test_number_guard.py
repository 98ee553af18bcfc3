"""Which words of a model may be sent."""

from __future__ import annotations

import pytest

from ledger.number_guard import holds

FACTS = (
    "Groceries: €412.50, €86.20 more than usual (26 %), 14 purchases instead of 11. "
    "Rent 1,250.00 USD on 3 Dec. ₹1,20,000 for 2\u202f500 km."
)


@pytest.mark.parametrize(
    "text",
    [
        "You spent €412.50 on groceries, that is 26 % more!",
        "Groceries went up by 26% 😮 with 14 purchases (11 before).",
        "The rent of 1,250.00 USD is due on 3 Dec.",
        "₹1,20,000 went to 2 500 km.",
        "Often the kitchen is where it goes.",
        "",
    ],
)
def test_words_with_the_facts_own_numbers_hold(text: str) -> None:
    assert holds(text, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        # Rounded, added up, of another unit or currency, shifted, or in other digits.
        "You spent about €412 on groceries.",
        "Both together are €1,662.50.",
        "You spent 26 € more.",
        "It rose by 14 %.",
        "The rent is €1,250.00.",
        "The rent is 12,500.0 USD.",
        "٤١٣ more",
        "Groceries cost €86.2 more.",
        "In 2026 you spent more.",
        # Numbers that are no digits.
        "That is ½ of it.",
        "About eighty euros more.",
        "Fast hundert Euro mehr.",
        "Twice as much as before.",
        "Das ist die Hälfte.",
        "vierzehn Einkäufe, neunzehn waren es vorher",
    ],
)
def test_any_other_number_is_refused(text: str) -> None:
    assert not holds(text, FACTS)


def test_digits_of_other_scripts_are_the_same_numbers() -> None:
    assert holds("١٤ و €412.50", FACTS)
    assert holds("14", "١٤")

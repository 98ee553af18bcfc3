"""Shops known by their numbers, and whose number is whose."""

import pytest

from ledger.receipt.known_shops import build_shop, find_name, find_numbers

HEAD = "CAFE AURORA\nLinden 5\nTel. 030 / 123 45 67\nUSt-IdNr. DE 123 456 789\n14.03.2026 10:15\n"
BODY = "Milk 4006381333931  1,20\nTOTAL  1,20\nReceipt 20260314001234\n"

NUMBERS = [
    (HEAD, {"0301234567", "123456789"}),  # telephone and tax id; no day, no time
    (HEAD + BODY, {"0301234567", "123456789"}),  # neither goods nor the receipt's number
    ("SHOP\nBeer 1,20\nNIF: 501 234 567\n", {"501234567"}),  # a tax id stands at the foot too
    ("SHOP\n2026-03-14 10:15\n20260314\n", set()),  # days in several dresses
]


@pytest.mark.parametrize(("text", "numbers"), NUMBERS)
def test_the_shops_own_numbers_are_found(text: str, numbers: set[str]) -> None:
    assert find_numbers(text) == numbers


def test_a_shop_is_known_by_its_number_or_its_print() -> None:
    shop = build_shop("Aurora", "CAFE AURORA", HEAD)
    assert find_name([shop], "CAEF ARORUA", HEAD) == "Aurora"
    assert find_name([shop], "CAFE AURURA", "CAFE AURURA\nLatte 3,00") == "Aurora"
    assert find_name([shop], "BAR SPORT", "BAR SPORT\nLatte 3,00") is None
    assert find_name([shop], "CAFE AURORA", "CAFE AURORA\nTel. 040 7654321\n") is None
    assert find_name([], "CAFE AURORA", HEAD) is None

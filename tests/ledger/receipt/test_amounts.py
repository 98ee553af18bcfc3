"""Figures in rows of print."""

from decimal import Decimal

import pytest

from ledger.receipt.reading.amounts import find_amounts

CASES = [
    ("TOTAL 12.34", ["12.34"]),  # point
    ("SUMME 1.234,56 €", ["1234.56"]),  # comma, grouped by points
    ("Total RM 1,234.50", ["1234.50"]),  # point, grouped by commas
    ("RAZEM 1 234,56 zł", ["1234.56"]),  # grouped by blanks
    ("CHF 1'234.50", ["1234.50"]),  # grouped by apostrophes
    ("LEERGUT -3,30*C", ["-3.30"]),  # minus before, tax letter behind
    ("RABATT 3,30-", ["-3.30"]),  # minus behind
    ("(12.50)", ["-12.50"]),  # bookkeepers' minus
    ("RM-0.20", ["-0.20"]),  # minus behind the sign
    ("TOTAL9.00", ["9.00"]),  # glued to its word
    ("Grand Tota1RM21.85", ["21.85"]),  # glued, with a misread word
    ("PFAND 0, 25 EUR0", ["0.25"]),  # a blank within
    ("TOTAL  11 60", ["11.60"]),  # the point lost, in a cell of its own
    ("1O.5O", ["10.50"]),  # letters for digits
    ("*6% GST incl: 1.87", ["1.87"]),  # a rate is no amount
    ("Item 12.3.45", []),  # a number with three parts
    ("25.12.18", []),  # a date
    ("1-2-3", []),  # a house number
]


@pytest.mark.parametrize(("text", "values"), CASES)
def test_amounts_are_found_as_printed(text: str, values: list[str]) -> None:
    found = [a.value for a in find_amounts(text) if a.decimals == 2 and not a.per_unit]
    assert found == [Decimal(value) for value in values]


SIGNS = [
    ("RM12.50", "MYR"),  # sign before
    ("12,50 €", "EUR"),  # sign behind
    ("R$ 12,50", "BRL"),  # sign of two letters
    ("12,50 zł", "PLN"),  # word behind
    ("$12.50", "$"),  # names several currencies: left open
    ("12.50", None),  # no sign
]


@pytest.mark.parametrize(("text", "currency"), SIGNS)
def test_a_sign_names_the_currency(text: str, currency: str | None) -> None:
    assert find_amounts(text)[0].currency == currency


def test_weights_and_unit_prices_are_marked() -> None:
    weight, unit, price = find_amounts("0,410 kg x  1,99 EUR/kg  0,82 B")
    assert weight.per_unit
    assert weight.value == Decimal("0.410")
    assert (unit.value, price.value) == (Decimal("1.99"), Decimal("0.82"))


def test_three_digits_behind_a_point_stay_open() -> None:
    assert [(a.value, a.decimals) for a in find_amounts("25.000")] == [(Decimal("25.000"), 3)]

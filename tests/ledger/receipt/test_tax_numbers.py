"""Check digits of tax numbers."""

import random

import pytest

from ledger.receipt.fields.countries import load_countries
from ledger.receipt.fields.tax_numbers import has_valid_check

VALID = [
    # Numbers that the authorities and python-stdnum's documentation print as examples.
    ("DE136695976", "mod_11_10"),
    ("33392005961", "mod_11_10"),
    ("101134702", "mod_11_10"),
    ("ATU13585627", "austria"),
    ("BE0403170701", "belgium"),
    ("FR40303265045", "france"),
    ("732829320", "luhn"),
    ("00743110157", "luhn"),
    ("556703-7485", "luhn"),
    ("B58378431", "spain"),
    ("54362315K", "spain"),
    ("501964843", "portugal"),
    ("GB980780684", "britain"),
    ("4540536920", "turkey"),
    ("27AAPFU0939F1ZV", "gstin"),
    ("51824753556", "australia"),
    ("11.222.333/0001-81", "brazil"),
    ("76.086.428-5", "chile"),
    ("EE100931558", "estonia"),
    ("094259216", "greece"),
    ("12892312-2-41", "hungary"),
    ("RO18547290", "romania"),
    ("LU15027442", "luxembourg"),
    ("SK2022749619", "slovakia"),
    ("20-05536168-2", "argentina"),
    ("25596641", "czechia"),
    ("13585628", "denmark"),
    ("2077474-0", "finland"),
    ("T7000012050002", "japan"),
    ("220-81-62517", "korea"),
    ("974760673", "norway"),
    ("20512333797", "peru"),
    ("8567346215", "poland"),
    ("7707083893", "russia"),
    ("50223054", "slovenia"),
    ("CHE-100.155.212", "switzerland"),
    ("00501503", "taiwan"),
    ("1234545678781", "thailand"),
    ("0100112437", "vietnam"),
]


@pytest.mark.parametrize(("number", "check"), VALID)
def test_a_real_number_holds_and_one_with_a_wrong_digit_does_not(number: str, check: str) -> None:
    assert has_valid_check(number, check)
    places = [at for at, char in enumerate(number) if char.isdecimal()]
    # The check covers nearly every place; a few forms leave one or two open.
    wrong = [
        number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :] for at in places[1:-1]
    ]
    assert sum(has_valid_check(text, check) for text in wrong) <= len(wrong) / 3


def test_no_digits_of_any_form_make_a_check_fail_with_an_error() -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for country in load_countries().values():
        for form in country.ids:
            for _ in range(50):
                text = "".join(chance.choice("0123456789ABZ-./ ") for _ in range(24))
                match = form.pattern.search(text)
                if match and form.check:
                    has_valid_check(match["number"], form.check)

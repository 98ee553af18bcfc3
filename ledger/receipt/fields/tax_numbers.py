"""Check digits of tax and company numbers, which tell a real number from digits that look like one.

Each function takes the number as printed and returns whether its check digits hold. The rules are
those of the authorities that issue the numbers, as the EU's VIES and the OECD's TIN pages give them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

_BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ELEVEN: Final = 11
_TEN: Final = 10


def has_valid_check(number: str, check: str) -> bool:
    """Return whether a number fulfils the rule of this name.

    Raises:
        KeyError: the rule is not one of this module's.
    """
    return _CHECKS[check](number)


def _list_digits(number: str) -> list[int]:
    return [int(char) for char in number if char.isdecimal()]


def _weigh(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _is_luhn(number: str) -> bool:
    """Check by Luhn's rule: every second digit from the right is doubled (ISO/IEC 7812)."""
    digits = _list_digits(number)[::-1]
    doubled = (sum(divmod(2 * digit, _TEN)) for digit in digits[1::2])
    return any(digits) and (sum(digits[::2]) + sum(doubled)) % _TEN == 0


def _is_mod_11_10(number: str) -> bool:
    """Check by the hybrid rule of ISO/IEC 7064, MOD 11,10 (Germany, Croatia, Serbia)."""
    *digits, last = _list_digits(number)
    rest = _TEN
    for digit in digits:
        rest = (rest + digit) % _TEN or _TEN
        rest = rest * 2 % _ELEVEN
    return (_ELEVEN - rest) % _TEN == last


def _by_sum(*weights: int, modulus: int = _ELEVEN) -> Callable[[str], bool]:
    """Build a check whose weighted sum over all digits is a multiple of the modulus."""
    return lambda number: _weigh(_list_digits(number), weights) % modulus == 0


def _by_rest(*weights: int, modulus: int = _ELEVEN) -> Callable[[str], bool]:
    """Build a check whose last digit is the weighted sum of the others, modulo 11 and then 10."""

    def is_valid(number: str) -> bool:
        *digits, last = _list_digits(number)
        return _weigh(digits, weights) % modulus % _TEN == last

    return is_valid


def _by_difference(*weights: int, modulus: int = _ELEVEN) -> Callable[[str], bool]:
    """Build a check whose last digit fills the weighted sum up to the modulus; beyond 9 it is 0."""

    def is_valid(number: str) -> bool:
        *digits, last = _list_digits(number)
        missing = (modulus - _weigh(digits, weights) % modulus) % modulus
        return (missing if missing < _TEN else 0) == last

    return is_valid


def _is_austrian(number: str) -> bool:
    *digits, last = _list_digits(number)
    # UID: Luhn's sum with 4 added, so the check digit is 10 - (sum + 4) % 10.
    total = sum(digits[::2]) + sum(sum(divmod(2 * digit, _TEN)) for digit in digits[1::2])
    return (96 - total) % _TEN == last


def _is_belgian(number: str) -> bool:
    value = int("".join(map(str, _list_digits(number))))
    # The last two digits are 97 less the rest of the first eight by 97.
    return 97 - value // 100 % 97 == value % 100


def _is_french(number: str) -> bool:
    value = "".join(map(str, _list_digits(number)))
    # TVA: two digits in front of the SIREN, which has nine.
    return (12 + 3 * (int(value[2:]) % 97)) % 97 == int(value[:2])


def _is_spanish(number: str) -> bool:
    """Check a NIF of a person (letter by 23) or a company (Luhn's digit or its letter)."""
    bare = re.sub(r"^ES(?=[A-Z])|[^0-9A-Z]", "", number.upper())
    if bare[0].isdecimal():
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int(bare[:8]) % 23] == bare[8]
    digits = _list_digits(bare[1:8])
    total = sum(digits[1::2]) + sum(sum(divmod(2 * digit, _TEN)) for digit in digits[::2])
    # The kind of company decides between digit and letter; both are accepted here.
    wanted = -total % _TEN
    return bare[8] in (str(wanted), "JABCDEFGHI"[wanted])


def _is_british(number: str) -> bool:
    *digits, tens, ones = _list_digits(number)
    rest = (_weigh(digits, (8, 7, 6, 5, 4, 3, 2)) + 10 * tens + ones) % 97
    # Newer numbers have 55 added to the sum, which leaves 42 of 97.
    return rest in (0, 42)


def _is_turkish(number: str) -> bool:
    *digits, last = _list_digits(number)
    total = 0
    for place, digit in enumerate(digits):
        shifted = (digit + 9 - place) % _TEN
        # A 9 stays 9, where its rest by nine would be 0.
        total += 9 if shifted == 9 else shifted * 2 ** (9 - place) % 9  # noqa: PLR2004 - by nines
    return -total % _TEN == last


def _is_indian(number: str) -> bool:
    """Check a GSTIN, whose last sign is a Luhn digit of base 36."""
    *values, last = (_BASE_36.index(char) for char in number)
    total = sum(
        sum(divmod(value * (1 + place % 2), len(_BASE_36))) for place, value in enumerate(values)
    )
    return -total % len(_BASE_36) == last


def _is_japanese(number: str) -> bool:
    # Corporate number: its first digit checks the twelve behind it.
    first, *digits = _list_digits(number)
    return 9 - sum(d * (1 + (11 - i) % 2) for i, d in enumerate(digits)) % 9 == first


def _is_korean(number: str) -> bool:
    digits = _list_digits(number)
    # The ninth digit times 5 counts by its tens too.
    total = _weigh(digits[:9], (1, 3, 7, 1, 3, 7, 1, 3, 5)) + digits[8] * 5 // _TEN
    return -total % _TEN == digits[9]


def _is_taiwanese(number: str) -> bool:
    digits = _list_digits(number)
    products = [d * w for d, w in zip(digits, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
    total = sum(sum(divmod(product, _TEN)) for product in products)
    # The divisor is 5, and no longer 10, since 2023; a 7 in seventh place counts as 0 or 1.
    return total % 5 == 0 or (digits[6] == 7 and (total + 1) % 5 == 0)  # noqa: PLR2004 - its rule


def _is_australian(number: str) -> bool:
    first, *digits = _list_digits(number)
    # ABN: 1 is taken from the first digit before weighing.
    return _weigh([first - 1, *digits], (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def _is_brazilian(number: str) -> bool:
    digits = _list_digits(number)
    # CNPJ: two check digits, the second over the first as well.
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    wanted = [
        (11 - rest if (rest := _weigh(digits[:length], weights[-length:]) % 11) > 1 else 0)
        for length in (12, 13)
    ]
    return wanted == digits[12:]


def _is_chilean(number: str) -> bool:
    bare = re.sub(r"[^0-9K]", "", number.upper())
    # RUT: weights 2 to 7 from the right, again and again; K means 10.
    total = sum(int(d) * (2 + place % 6) for place, d in enumerate(reversed(bare[:-1])))
    return "0K987654321"[total % 11] == bare[-1]


def _is_estonian(number: str) -> bool:
    return _weigh(_list_digits(number), (3, 7, 1, 3, 7, 1, 3, 7, 1)) % _TEN == 0


def _is_greek(number: str) -> bool:
    return _by_rest(256, 128, 64, 32, 16, 8, 4, 2)(number)


def _is_hungarian(number: str) -> bool:
    # Eight digits name the company; kind of tax and county follow.
    return _weigh(_list_digits(number)[:8], (9, 7, 3, 1, 9, 7, 3, 1)) % _TEN == 0


def _is_romanian(number: str) -> bool:
    *digits, last = _list_digits(number)
    # CUI: two to ten digits, as if zeros were in front of them.
    padded = [0] * (9 - len(digits)) + digits
    return _weigh(padded, (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % _TEN == last


def _is_luxembourgish(number: str) -> bool:
    value = int("".join(map(str, _list_digits(number))))
    # The last two digits are the rest of the first six by 89.
    return value // 100 % 89 == value % 100


def _is_slovak(number: str) -> bool:
    return int("".join(map(str, _list_digits(number)))) % _ELEVEN == 0


_CHECKS: dict[str, Callable[[str], bool]] = {
    "luhn": _is_luhn,
    "mod_11_10": _is_mod_11_10,
    "argentina": _by_difference(5, 4, 3, 2, 7, 6, 5, 4, 3, 2),
    "australia": _is_australian,
    "austria": _is_austrian,
    "belgium": _is_belgian,
    "brazil": _is_brazilian,
    "britain": _is_british,
    "chile": _is_chilean,
    "czechia": lambda number: (
        (11 - _weigh(_list_digits(number)[:7], (8, 7, 6, 5, 4, 3, 2)) % 11) % 10
        == _list_digits(number)[7]
    ),
    "denmark": _by_sum(2, 7, 6, 5, 4, 3, 2, 1),
    "estonia": _is_estonian,
    "finland": _by_sum(7, 9, 10, 5, 8, 4, 2, 1),
    "france": _is_french,
    "greece": _is_greek,
    "gstin": _is_indian,
    "hungary": _is_hungarian,
    "japan": _is_japanese,
    "korea": _is_korean,
    "luxembourg": _is_luxembourgish,
    "norway": _by_sum(3, 2, 7, 6, 5, 4, 3, 2, 1),
    "peru": _by_difference(5, 4, 3, 2, 7, 6, 5, 4, 3, 2),
    "poland": _by_rest(6, 5, 7, 2, 3, 4, 5, 6, 7),
    "portugal": _by_difference(9, 8, 7, 6, 5, 4, 3, 2),
    "romania": _is_romanian,
    "russia": _by_rest(2, 4, 10, 3, 5, 9, 4, 6, 8),
    "slovakia": _is_slovak,
    "slovenia": _by_difference(8, 7, 6, 5, 4, 3, 2),
    "spain": _is_spanish,
    "switzerland": _by_difference(5, 4, 3, 2, 7, 6, 5, 4),
    "taiwan": _is_taiwanese,
    "thailand": lambda number: (
        (11 - _weigh(_list_digits(number), range(13, 1, -1)) % 11) % 10 == _list_digits(number)[12]
    ),
    "turkey": _is_turkish,
    "vietnam": lambda number: (
        10 - _weigh(_list_digits(number)[:9], (31, 29, 23, 19, 17, 13, 7, 5, 3)) % 11
        == _list_digits(number)[9]
    ),
}
"""The rules by the names that countries.toml uses."""

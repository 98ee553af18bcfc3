"""Find the amounts in a row of print: their place, their value and how clean they are.

Receipts print the decimals of their currency; a whole number is an amount only next to a currency
sign, or on a page that shows no decimals at all (yen, won, forint, rupiah). Signs may follow
the figure ("3,30-"), and OCR leaves blanks within ("12. 50") or letters for digits ("1O.5O").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ledger.money import MINOR_DIGITS, is_currency

SYMBOLS: dict[str, str] = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₽": "RUB",
    "₴": "UAH",
    "₺": "TRY",
    "₩": "KRW",
    "₪": "ILS",
    "฿": "THB",
    "₫": "VND",
    "₦": "NGN",
    "₱": "PHP",
    "₸": "KZT",
    "₾": "GEL",
    "円": "JPY",
    "원": "KRW",
    "֏": "AMD",
    "₼": "AZN",
    "₡": "CRC",
    "₲": "PYG",
    "₵": "GHS",
    "৳": "BDT",
    "៛": "KHR",
    "บาท": "THB",
    "đ": "VND",
    "VNĐ": "VND",
    "₽.": "RUB",
    "тг": "KZT",
    "ден": "MKD",
    "сум": "UZS",
    "S/": "PEN",
    "S/.": "PEN",
    "B/.": "PAB",
    "KSh": "KES",
    "Ksh": "KES",
    "Tk": "BDT",
    "din": "RSD",
    "RM": "MYR",
    "zł": "PLN",
    "zl": "PLN",
    "Kč": "CZK",
    "Kc": "CZK",
    "Ft": "HUF",
    "R$": "BRL",
    "S$": "SGD",
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "MX$": "MXN",
    "NZ$": "NZD",
    "Rp": "IDR",
    "TL": "TRY",
    "грн": "UAH",
    "руб": "RUB",
    "лв": "BGN",
    "дин": "RSD",
    "lei": "RON",
    "Fr.": "CHF",
    "SFr": "CHF",
    "RMB": "CNY",
}
"""Signs that name one currency; "$", "¥", "kr", "Rs" and "元" name several."""

_SIGN = (
    r"(?:US\$|HK\$|NT\$|MX\$|NZ\$|CA\$|[ACRS]\$|[$€£¥￥₹₽₴₺₩₪฿₫₦₱₸₾֏₼₡₲₵৳៛]|RM|Rp\.?|Rs\.?|S?Fr\.|kr\.?"
    r"|S/\.?|B/\.|K[Ss]h\.?|Tk\.?|FCFA|CFA|Dhs?\.?)"
)
_WORDS = frozenset(
    [
        "ALL",
        "ANG",
        "BAM",
        "BIF",
        "BOB",
        "CUP",
        "CVE",
        "ERN",
        "LAK",
        "MOP",
        "PAB",
        "SLE",
        "SOS",
        "STN",
        "TOP",
    ]
)
"""Codes that goods are called too."""
_CODES = "|".join(sorted(MINOR_DIGITS.keys() - _WORDS))
_CODE = rf"(?:EUR0|{_CODES})"
_BEHIND = (
    r"(?:[€£$₹₽₴₺₩₪฿₫円元원₸₾֏₼₡₲₵৳៛]|zł|zl|Kč|Kc|Ft|kr|лв|грн|руб|TL|lei|EUR|RM|บาท|VNĐ|đ(?!\w)"
    rf"|(?:тг|ден|дин|din|сум|FCFA|CFA|Dhs?|DH)(?!\w)|(?:{_CODES})(?![A-Za-z]))"
)
_D = r"[0-9OoQIl|SsBZ]"
_AMOUNT = re.compile(
    rf"""(?<![0-9.,/:%])(?<![0-9][-–])
    (?P<open>\()?
    (?P<minus>[-−–~]\s?)?
    (?P<sign>{_SIGN}|(?<![A-Za-z]){_CODE})?[ ]?
    (?P<minus2>[-−–]\s?)?
    (?P<body>
        [0-9]{{1,3}}(?:[.,'’][0-9]{{3}}){{1,3}}[.,][ ]?{_D}{{2}}    # 1,234.56
      | [0-9]{{1,3}}(?:[ ][0-9]{{3}}){{1,3}}[.,][ ]?[0-9]{{2}}      # 1 234,56
      | (?:(?<![A-Za-z]){_D}|[0-9]){_D}{{0,6}}[ ]?[.,·][ ]?{_D}{{2,3}}                   # 12.34, 12 .34, 1O.5O, 1.250
      | (?:(?<=[ ]{{2}})|^)[0-9]{{1,5}}[ ][0-9]{{2}}(?=[ ]{{2}}|$)  # 11 60 in a cell of its own
      | [0-9]{{1,3}}(?:[.,' ][0-9]{{3}}){{1,3}}                     # 1,280 and 25.000
      | [0-9]{{1,9}}(?![.,]?[0-9])                            # 1280
      | [.,][0-9]{{2}}(?![0-9])                               # .50
    )
    (?![0-9]|[.,/:][0-9])
    (?P<tail>\s?[-−–](?![0-9A-Za-z]))?
    (?P<close>\))?
    [ ]?(?P<behind>{_BEHIND})?
    """,
    re.VERBOSE,
)
_LETTER_DIGITS = str.maketrans("OoQIl|SsBZ", "0001115582")
_RATE = re.compile(r"\s?(?:%|％|[xX×*@]\s?\d)")
_UNIT = re.compile(r"\s?(?:kg|g|gr|ml|cl|ltr|l|lb|oz|pcs|stk|cm|mm|km|kwh)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that may be money.

    `decimals` are the digits printed behind the point (0 for whole numbers); `clean` is False when
    blanks or letters had to be taken out. `per_unit` marks weights, rates and "2 x 3.50" prices.
    """

    value: Decimal
    decimals: int
    text: str
    start: int
    end: int
    currency: str | None
    clean: bool
    per_unit: bool


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Find every figure of a row that may be an amount, from left to right."""
    amounts = (_build_amount(match, text) for match in _AMOUNT.finditer(text))
    return tuple(amount for amount in amounts if amount)


def find_sign_currency(text: str) -> str | None:
    """Return the currency that a sign or code names by itself; None for "$", "¥", "kr" and no sign."""
    key = text.strip()
    found = SYMBOLS.get(key) or SYMBOLS.get(key.rstrip(".0"))
    code = key.rstrip(".0").upper()
    return found or (code if is_currency(code) else SYMBOLS.get(code))


def _build_amount(match: re.Match[str], text: str) -> Amount | None:
    body = match["body"]
    parsed = _parse_value(body)
    if parsed is None:
        return None
    value, decimals, clean = parsed
    glued = text[: match.start()][-2:]
    if glued[-1:].isalpha() and not match["sign"] and not (decimals and glued.isalpha()):
        return None
    minus = match["minus"] or match["minus2"] or match["tail"] or (match["open"] and match["close"])
    sign = match["sign"] or match["behind"]
    start, end = match.span()
    rest = text[end:]
    per_unit = bool(_RATE.match(rest) or _UNIT.match(rest)) and match["behind"] is None
    currency = find_sign_currency(sign) if sign else None
    return Amount(
        -value if minus else value,
        decimals,
        match.group().strip(),
        start,
        end,
        currency or (sign.strip() if sign else None),
        clean,
        per_unit,
    )


def _parse_value(body: str) -> tuple[Decimal, int, bool] | None:
    """Return value, decimals and whether the print was clean."""
    clean = not re.search(r"[^0-9.,'’ ]|[.,] | [.,]", body)
    letters = sum(char in "OoQIl|SsBZ" for char in body)
    if letters and letters * 2 > sum(char.isdigit() for char in body) + letters:
        return None
    digits = body.translate(_LETTER_DIGITS).replace("·", ".")
    digits = re.sub(r"\s*([.,])\s*", r"\1", digits)
    lost_point = re.fullmatch(r"(\d{1,5}) (\d\d)", digits)
    if lost_point:
        return Decimal(f"{lost_point[1]}.{lost_point[2]}"), 2, False
    match = re.fullmatch(r"(?P<whole>.*?)(?:[.,](?P<cents>\d{2}))?", digits)
    assert match is not None
    whole, cents = match["whole"], match["cents"] or ""
    groups = re.split(r"[.,'’ ]", whole)
    if cents == "" and len(groups) == 2 and len(groups[1]) == 3:  # noqa: PLR2004 - 1.250 or 1,250
        return Decimal(f"{groups[0] or 0}.{groups[1]}"), 3, clean
    return Decimal(f"{''.join(groups) or 0}.{cents or 0}"), len(cents), clean

"""In which country a receipt was printed, and in which currency it counts.

The currency comes from the amounts' own signs, else from the country that tax numbers, legal forms,
words and places point to, else from the chat; the draft says which it was.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from ledger.receipt.reading.amounts import find_sign_currency
from ledger.receipt.reading.labels import fold_text
from ledger.receipt.reading.rows import Row

CurrencySource = Literal["printed", "place", "chat", "code"]
"""Where a currency comes from: its sign or code, the country, the chat, a fiscal QR code."""

_SHORT = 4
_ID_WEIGHT = 2.0
"""How much more an id says than a word; one of digits alone, which any number may be, says no more."""
_OWN_WEIGHT = 0.75
"""How much the chat's own country counts against what is printed."""
_SHARED = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
_CODES = re.compile(
    r"(?<![A-Za-z])(EUR|USD|GBP|MYR|SGD|AUD|CAD|CHF|JPY|CNY|INR|IDR|PLN|CZK|HUF|SEK|NOK|DKK|RON|TRY"
    r"|THB|KRW|TWD|HKD|NZD|AED|SAR|KWD|OMR|QAR|EGP|ZAR|BRL|MXN|UAH|RUB|RSD|ILS|VND|PHP)(?![A-Za-z])"
)
_SIGNS = re.compile(
    r"€|£|₹|₽|₴|₺|₩|₪|฿|₫|₦|₱|₸|\bRM(?=[\s\d:)]|$)|\bzł|Kč\b|\bFt\b|R\$|S\$|US\$|HK\$|NT\$|\bRp\b|\$|[¥￥]|\bkr\b|грн|円"
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country as receipts show it."""

    currency: str
    languages: tuple[str, ...]
    cues: tuple[str, ...]
    ids: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and why it was taken; `sure` is False when another sign contradicts."""

    code: str | None
    source: CurrencySource
    sure: bool


def find_country(rows: tuple[Row, ...], own: str | None) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) that most on the page points to."""
    votes: Counter[str] = Counter()
    if own in load_countries():
        votes[own or ""] += int(_OWN_WEIGHT * 4)
    texts = [row.text for row in rows]
    bones = [fold_text(text) for text in texts]
    words = {fold_text(word) for text in texts for word in re.split(r"[\s:,;]+", text)}
    for country, place in load_countries().items():
        for cue in place.cues:
            if cue in words if len(cue) <= _SHORT else any(cue in line for line in bones):
                votes[country] += 4
        for pattern in place.ids:
            if any(pattern.search(text) for text in texts):
                votes[country] += int(4 * (_ID_WEIGHT if _has_letters(pattern) else 1))
    best = votes.most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return own if own in load_countries() else None
    return best[0][0]


def _has_letters(pattern: re.Pattern[str]) -> bool:
    """Say whether an id shows letters or a sign; those of digits alone look like many numbers."""
    plain = re.sub(r"\\[a-zA-Z]|\{[\d,]+\}|\(\?[:=!<]*", "", pattern.pattern)
    return bool(re.search(r"[^\W\d_]|[^\w\s\-./()\[\]|?+*:]", plain))


def find_currency(rows: tuple[Row, ...], country: str | None, chat: str) -> Currency:
    """Return the currency of the page: printed, by country, or the chat's."""
    seen = _printed(rows)
    home = load_countries()[country].currency if country else None
    own = [sign for sign in seen if sign not in _SHARED]
    if own:
        code = home if home in own else own[0]
        return Currency(code, "printed", sure=code == home or len(own) == 1)
    meant = next((_SHARED[sign] for sign in seen if sign in _SHARED), ())
    for wanted in (home, chat):
        if wanted in meant:
            return Currency(wanted, "printed", sure=True)
    if home:
        return Currency(home, "place", sure=True)
    if meant:
        return Currency(meant[0], "printed", sure=False)
    return Currency(chat or None, "chat", sure=True)


def list_currencies_sharing(sign: str) -> tuple[str, ...]:
    """The currencies that share a sign, the likeliest first; none for a sign not shared."""
    return _SHARED.get(sign, ())


def _printed(rows: tuple[Row, ...]) -> list[str]:
    """Codes and signs on the page, the most frequent first."""
    votes: Counter[str] = Counter()
    for row in rows:
        for match in _CODES.finditer(row.text):
            votes[match.group(1)] += 1
        for match in _SIGNS.finditer(row.text):
            sign = match.group().strip()
            votes[find_sign_currency(sign) or sign] += 1
    return [code for code, _ in votes.most_common()]


@cache
def load_countries() -> dict[str, Country]:
    """Read the table of countries."""
    text = resources.files(__package__).joinpath("countries.toml").read_text("utf-8")
    return {
        country: Country(
            fields["currency"],
            tuple(fields["languages"]),
            tuple(fold_text(cue) for cue in fields["cues"]),
            tuple(re.compile(pattern) for pattern in fields["ids"]),
        )
        for country, fields in tomllib.loads(text).items()
    }

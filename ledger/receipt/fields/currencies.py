"""Find the currency of a receipt by the evidence for each candidate.

A currency is printed (as a code or sign with the amounts), or follows from the country that the
paper points to, or is the chat's. The candidates compete as those of the other fields do. Print
that supports a currency is its evidence; without any, the chat's currency is taken and marked, and
where the print supports another one the person is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ledger.money import minor_digits
from ledger.receipt.draft import CurrencySource
from ledger.receipt.fields.countries import load_countries
from ledger.receipt.fields.ranking import Candidate, Ranked, load_weights, rank, sum_weights
from ledger.receipt.reading.amounts import find_amounts, find_sign_currency
from ledger.receipt.reading.labels import Label, find_labels
from ledger.receipt.reading.rows import Row

_SHARED: Final[dict[str, tuple[str, ...]]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "元": ("CNY", "TWD", "HKD"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Rs": ("INR", "PKR", "LKR", "NPR"),
    "DH": ("MAD", "AED"),
    "CFA": ("XOF", "XAF"),
}
"""Signs of several currencies, the likeliest first."""
_WORDS: Final = frozenset(
    [
        "ALL",
        "ANG",
        "BAM",
        "BOB",
        "COP",
        "CUP",
        "ERN",
        "GEL",
        "LAK",
        "MAD",
        "MOP",
        "PEN",
        "RON",
        "SOS",
        "TOP",
        "TRY",
    ]
)
"""Codes that are words or abbreviations of goods too."""
_PRINTED: Final = frozenset(country.currency for country in load_countries().values()) - _WORDS
"""Codes that are looked for apart from amounts."""
_CODES = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_NAMED: frozenset[Label] = frozenset({"total", "payable", "cash", "card"})
_PLACED: Final = 1.0
"""Least evidence, in log-odds, that makes a country's currency a candidate, and that places a paper."""
_RIVAL: Final = 0.1
_SEVERAL: Final = 2
_EVIDENCE_MAX: Final = 8.0
_CHAT_FEATURES: Final = frozenset(
    {"bias", "chat's", "chat's country", "chat's language", "used lately"}
)
"""Facts that are known without the paper."""


@dataclass(frozen=True, slots=True)
class ChatCurrency:
    """The chat's evidence of the currency before its receipt is read.

    Attributes:
        code: ISO 4217 of the chat's ledger.
        country: ISO 3166-1 alpha-2 of the chat, None if unknown.
        language: ISO 639-1 of the chat.
        lately: currencies of the chat's latest receipts.
    """

    code: str
    country: str | None = None
    language: str = "en"
    lately: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency taken, why, and how sure it is.

    Attributes:
        evidence: what the paper itself says for it, in log-odds; 0 when only the chat does.
        options: all candidates, the likeliest first.
    """

    code: str | None
    source: CurrencySource
    probability: float
    evidence: float
    options: tuple[str, ...] = ()


def find_currency(
    rows: tuple[Row, ...], countries: dict[str, float], chat: ChatCurrency
) -> Currency:
    """Return the currency of a page; `countries` is the evidence of `weigh_countries`."""
    ranked = rank("currency", find_currencies(rows, countries, chat))
    if not ranked:
        return Currency(None, "chat", 0.0, 0.0)
    best = ranked[0]
    features = best.candidate.features
    printed = any(name.startswith(("printed", "sign")) and features[name] for name in features)
    source: CurrencySource = "printed" if printed else "place"
    evidence = _weigh_evidence(best)
    return Currency(
        best.value,
        source if evidence >= _PLACED else "chat",
        best.probability,
        evidence,
        _list_options(ranked, rows),
    )


def find_currencies(
    rows: tuple[Row, ...], countries: dict[str, float], chat: ChatCurrency
) -> list[Candidate[str]]:
    """Return every currency that the print, a country or the chat supports, with its features."""
    table, signs = load_countries(), _read_signs(rows)
    strengths: defaultdict[str, float] = defaultdict(float)
    for country, strength in countries.items():
        code = table[country].currency
        strengths[code] = max(strengths[code], min(_EVIDENCE_MAX, strength))
    # A neighbour with the same language does not compete with the chat's own country.
    own = strengths.pop(chat.code, 0.0)
    least = own + _RIVAL if own >= _PLACED else _PLACED
    placed = {code: value for code, value in strengths.items() if value >= least}
    placed[chat.code] = own if own >= _PLACED else 0.0
    likeliest = signs.list_likeliest({chat.code, *placed})
    codes = {chat.code, *signs.plain, *placed, *likeliest, *chat.lately} - {""}
    return [
        Candidate(
            code,
            {
                **signs.describe(code),
                "sign shared, the likeliest": float(code in likeliest),
                "country": placed.get(code, 0.0),
                **_describe_chat(code, chat),
                "decimals unlike": float(_has_odd_decimals(code, signs)),
            },
            signs.evidence.get(code, ""),
        )
        for code in sorted(codes)
    ]


def list_currencies_sharing(sign: str) -> tuple[str, ...]:
    """List the currencies that share a sign, the likeliest first; none for any other sign."""
    return _SHARED.get(sign, ())


def _list_options(ranked: Iterable[Ranked[str]], rows: tuple[Row, ...]) -> tuple[str, ...]:
    """List the candidates, then what else their shared signs may mean."""
    others = (code for sign in sorted(_read_signs(rows).shared) for code in _SHARED[sign])
    return tuple(dict.fromkeys((*(option.value for option in ranked), *others)))


def _weigh_evidence(option: Ranked[str]) -> float:
    features = option.candidate.features
    own = {name: value for name, value in features.items() if name not in _CHAT_FEATURES}
    weights = {**load_weights()["currency"], "bias": 0.0}
    return sum_weights(own, weights)


def _describe_chat(code: str, chat: ChatCurrency) -> dict[str, float]:
    table = load_countries()
    home = table.get(chat.country or "")
    speaking = any(
        country.currency == code and country.languages[0] == chat.language
        for country in table.values()
    )
    return {
        "chat's": float(code == chat.code),
        "chat's country": float(home is not None and home.currency == code),
        "chat's language": float(code == chat.code and chat.language != "en" and speaking),
        "used lately": chat.lately.count(code) / len(chat.lately) if chat.lately else 0.0,
    }


@dataclass(frozen=True, slots=True)
class _Signs:
    """The codes and signs of a page, by their place next to the amounts."""

    with_total: Counter[str]
    with_amounts: Counter[str]
    apart: Counter[str]
    evidence: dict[str, str]
    decimals: Counter[int]

    @property
    def plain(self) -> set[str]:
        """Return the signs that name one currency each."""
        return {*self.with_total, *self.with_amounts, *self.apart} - _SHARED.keys()

    @property
    def shared(self) -> set[str]:
        """Return the signs that several currencies share."""
        return {*self.with_total, *self.with_amounts} & _SHARED.keys()

    def list_likeliest(self, near: set[str]) -> set[str]:
        """List the likeliest currency of each shared sign that means none of the near ones."""
        return {_SHARED[sign][0] for sign in self.shared if not near & set(_SHARED[sign])}

    def describe(self, code: str) -> dict[str, float]:
        """Return the features of a currency that print decides."""
        amounts = self.with_amounts[code]
        return {
            "printed with the total": float(bool(self.with_total[code])),
            "printed with several amounts": float(amounts >= _SEVERAL),
            "printed with one amount": float(amounts == 1),
            "printed apart": float(bool(self.apart[code]) and not amounts),
            "sign shared": float(any(code in _SHARED[sign] for sign in self.shared)),
        }


def _read_signs(rows: Iterable[Row]) -> _Signs:
    signs = _Signs(Counter(), Counter(), Counter(), {}, Counter())
    for row in rows:
        labels = find_labels(row.text)
        seen: set[str] = set()
        for amount in find_amounts(row.text):
            if not amount.per_unit:
                signs.decimals[amount.decimals] += 1
            code = _name_sign(amount.currency)
            # "Cad. No 12" is a street: a number without decimals next to a word is not a price.
            if code is None or ("address" in labels and not amount.decimals):
                continue
            if code in _WORDS and not amount.decimals:
                continue
            seen.add(code)
            (signs.with_total if labels & _NAMED else signs.with_amounts)[code] += 1
            signs.evidence.setdefault(code, row.text)
        if "address" not in labels:
            for code in set(_CODES.findall(row.text)) - seen - _WORDS:
                if code in _PRINTED:
                    signs.apart[code] += 1
                    signs.evidence.setdefault(code, row.text)
    return signs


def _name_sign(sign: str | None) -> str | None:
    """Return the code that a sign means, or the shared sign itself."""
    if not sign:
        return None
    bare = sign.strip().rstrip(".")
    shared = {"KR": "kr", "RS": "Rs", "DH": "DH", "DHS": "DH", "FCFA": "CFA", "CFA": "CFA"}
    if bare.upper() in shared:
        return shared[bare.upper()]
    if bare in _SHARED:
        return bare
    return find_sign_currency(sign)


def _has_odd_decimals(code: str, signs: _Signs) -> bool:
    """Return whether the page prints cents of a currency that has none in use."""
    cents, whole = signs.decimals[2], signs.decimals[0]
    return minor_digits(code) == 0 and cents > _SEVERAL and cents > whole / 4

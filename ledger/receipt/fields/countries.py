"""Find the countries that a receipt may come from, and the evidence for each.

A country has a strength: a sum of weights (`[country]` of weights.toml) for tax numbers, calling
codes, domains, names, places, words of its own and its languages. A word that several countries
print counts for each of them by its share. Only `pick_country` knows the chat.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from ledger.receipt.fields.ranking import load_weights
from ledger.receipt.fields.tax_numbers import has_valid_check
from ledger.receipt.reading.labels import fold_text, fold_words
from ledger.receipt.reading.language import match_phrases, weigh_languages
from ledger.receipt.reading.rows import Row

WordKind = Literal["name", "place", "word"]

_GLUED_MIN = 9
"""Letters from which a listed word is found in print whose blanks the reader lost."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DOMAIN = re.compile(
    r"(?:www\.|@|https?://)[^\s,;]{1,60}?\.([a-z]{2})(?![a-z0-9.\-])", re.IGNORECASE
)
_GENERIC_DOMAINS = frozenset(
    ["ai", "cc", "co", "eu", "fm", "gg", "io", "ly", "me", "ms", "sh", "to", "tv", "ws"]
)
"""Country codes that companies anywhere use as names."""
_CALLING = re.compile(r"(?<![\d+])\+\s?(\d[\d\s\-().]{8,18}\d)(?!\d)")
_CALLING_LENGTH_MAX = 4
_SECOND_LANGUAGE = 0.4
"""The weight of a country's second language; a third one counts by its square."""
_SIBLINGS = (
    (("hr", "sr", "bs"), 0.95),
    (("da", "no"), 0.6),
    (("cs", "sk"), 0.5),
    (("id", "ms"), 0.5),
)
_LANGUAGE_CLEAR = 2.0
"""Votes of keywords from which a language is certain."""
_SPEAKS_MIN = 0.5
"""Least strength of a country that decides how a day is read."""
_CERTAIN = 0.6
"""Share of a language, number, code or domain from which it counts in full, like two words."""
_REPEATED = 0.5
"""The weight of each further finding of the same kind, relative to the one before."""


@dataclass(frozen=True, slots=True)
class IdFormat:
    """A tax or company number: the words in front of it, its form and the rule of its check digit."""

    pattern: re.Pattern[str]
    has_label: bool
    has_letters: bool
    check: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country as receipts show it."""

    currency: str
    languages: tuple[str, ...]
    ids: tuple[IdFormat, ...]


def weigh_countries(rows: tuple[Row, ...]) -> dict[str, float]:
    """Return the evidence for each country that anything on the page points to, in log-odds."""
    weights = load_weights()["country"]
    found: defaultdict[str, list[_Finding]] = defaultdict(list)
    for finding in _find_evidence(rows):
        found[finding.country].append(finding)
    return {country: _sum_strength(findings, weights) for country, findings in found.items()}


def _sum_strength(findings: list[_Finding], weights: Mapping[str, float]) -> float:
    """Add up the findings; of one kind each counts half of the one before.

    One word says little, however rare it is elsewhere: it may be a brand, a dish or a street.
    """
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for finding in findings:
        by_kind[finding.kind].append(weights[finding.kind] * finding.share)
    strength = sum(
        value * _REPEATED**place
        for values in by_kind.values()
        for place, value in enumerate(sorted(values, reverse=True))
    )
    words = {finding.text for finding in findings if finding.kind in get_args(WordKind)}
    certain = any(f.kind not in get_args(WordKind) and f.share >= _CERTAIN for f in findings)
    if len(words) > 1 or certain:
        return strength
    return min(strength, weights["single name" if "name" in by_kind else "single word"])


def pick_country(
    strengths: Mapping[str, float], own: str | None, currency: str, language: str
) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) with the most evidence; None without any.

    The chat's country counts by the weight `[country] own`, and by half of it a country of the
    chat's currency in which its language is spoken first.
    """
    weight = load_weights()["country"]["own"]
    scores = dict(strengths)
    for code, country in load_countries().items():
        if code == own:
            scores[code] = scores.get(code, 0.0) + weight
        elif currency == country.currency and language == country.languages[0] != "en":
            scores[code] = scores.get(code, 0.0) + weight / 2
    best = sorted(
        ((country, score) for country, score in scores.items() if score >= _SPEAKS_MIN),
        key=lambda item: -item[1],
    )[:2]
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return own if own in load_countries() else None
    return best[0][0]


@dataclass(frozen=True, slots=True)
class _Finding:
    """Something on the page that points to a country.

    Attributes:
        kind: a name of `[country]` in weights.toml.
        text: the print that was found, so that the same one counts once.
        share: 1 for what one country alone prints, less for what several do.
    """

    country: str
    kind: str
    text: str
    share: float = 1.0


def _find_evidence(rows: tuple[Row, ...]) -> Iterator[_Finding]:
    texts = [row.text for row in rows]
    yield from set(_find_words(texts))
    yield from set(_find_ids(texts))
    yield from set(_find_calling_codes(texts))
    yield from set(_find_domains(texts))
    yield from _find_languages("\n".join(texts))


def _find_words(texts: list[str]) -> Iterator[_Finding]:
    vocabulary = _load_words()
    for text in texts:
        squashed = fold_text(text)
        phrases = match_phrases(fold_words(text), vocabulary.spaced)
        found = [(phrase, vocabulary.spaced[phrase]) for phrase in phrases]
        if not found:
            found = [(phrase, owners) for phrase, owners in vocabulary.glued if phrase in squashed]
        for phrase, owners in found:
            for country, kind in owners:
                yield _Finding(country, kind, phrase.replace(" ", ""), 1 / len(owners))


def _find_ids(texts: list[str]) -> Iterator[_Finding]:
    for country, fields in load_countries().items():
        for form in fields.ids:
            for text in texts:
                match = form.pattern.search(text)
                if match:
                    yield _Finding(country, _judge_id(form, match["number"]), match["number"])


def _judge_id(form: IdFormat, number: str) -> str:
    """Name the kind of evidence that a number of this form is."""
    marked = form.has_label or form.has_letters
    if not form.check:
        return "number with a label" if marked else "number"
    if has_valid_check(number, form.check):
        return "checked number with a label" if marked else "checked number"
    return "number that fails its check" if marked else "nothing"


def _find_calling_codes(texts: list[str]) -> Iterator[_Finding]:
    codes = _load_calling_codes()
    for text in texts:
        for match in _CALLING.finditer(text):
            digits = re.sub(r"\D", "", match[1])
            lengths = range(_CALLING_LENGTH_MAX, 0, -1)
            code = next((digits[:n] for n in lengths if digits[:n] in codes), "")
            owners = codes.get(code, ())
            yield from (_Finding(owner, "calling code", code, 1 / len(owners)) for owner in owners)


def _find_domains(texts: list[str]) -> Iterator[_Finding]:
    owners = _load_domains()
    for text in texts:
        for ending in _DOMAIN.findall(text):
            if ending.lower() in owners:
                yield _Finding(owners[ending.lower()], "domain", ending.lower())


def _find_languages(text: str) -> Iterator[_Finding]:
    """Yield each country once, for the language of its own that is clearest on the paper."""
    votes = _join_siblings(weigh_languages(text))
    votes.pop("en", None)
    most = max(votes.values(), default=0.0)
    for country, fields in load_countries().items():
        shares = {
            language: min(1.0, votes.get(language, 0.0) / _LANGUAGE_CLEAR) ** 2
            * (votes.get(language, 0.0) / most) ** 2
            * _SECOND_LANGUAGE**place
            for place, language in enumerate(fields.languages)
            if most
        }
        if any(shares.values()):
            language = max(shares, key=lambda name: shares[name])
            yield _Finding(country, "language", language, shares[language])


def _join_siblings(votes: dict[str, float]) -> dict[str, float]:
    """Give languages that are hardly told apart in a till's few words most of each other's votes."""
    joined = dict(votes)
    for languages, share in _SIBLINGS:
        most = max(votes.get(language, 0.0) for language in languages)
        for language in languages:
            joined[language] = max(votes.get(language, 0.0), share * most)
    return joined


@cache
def load_countries() -> dict[str, Country]:
    """Read the table of countries, by ISO 3166-1 alpha-2."""
    return {
        country: Country(
            fields["currency"],
            tuple(fields["languages"]),
            tuple(_build_id_format(**form) for form in fields["ids"]),
        )
        for country, fields in _load_table().items()
    }


@cache
def _load_table() -> dict[str, dict[str, Any]]:
    text = resources.files(__package__).joinpath("countries.toml").read_text("utf-8")
    return tomllib.loads(text)


def _build_id_format(label: str, format: str, check: str) -> IdFormat:  # noqa: A002 - the table's
    # The number may follow its label within a few signs ("NIP: ", "VAT No. PL ").
    lead = rf"(?<![^\W\d_])(?i:{label})\W{{0,6}}(?:[A-Z]{{2}}\W?)?" if label else ""
    pattern = re.compile(
        rf"{lead}(?<![0-9A-Za-z]){_NOT_IN_NUMBER}(?P<number>{format})(?![0-9A-Za-z])"
    )
    return IdFormat(pattern, bool(label.strip("|")), _has_letters(format), check)


_NOT_IN_NUMBER = r"(?<![0-9][\-./])"


def _has_letters(form: str) -> bool:
    """Return whether a form shows letters or a sign that other numbers lack."""
    plain = re.sub(r"\\[a-zA-Z]|\{[\d,]+\}|\(\?[:=!<]*", "", form)
    return bool(re.search(r"[^\W\d_]|[^\w\s\-./()\[\]|?+*:]", plain))


@dataclass(frozen=True, slots=True)
class _Words:
    """Words by their print: those between blanks, and those found within a row without blanks."""

    spaced: dict[str, tuple[tuple[str, WordKind], ...]]
    glued: tuple[tuple[str, tuple[tuple[str, WordKind], ...]], ...]


@cache
def _load_words() -> _Words:
    owners: defaultdict[str, list[tuple[str, WordKind]]] = defaultdict(list)
    kinds: Iterable[tuple[str, WordKind]] = (
        ("names", "name"),
        ("places", "place"),
        ("words", "word"),
    )
    for country, fields in _load_table().items():
        for list_name, kind in kinds:
            for word in fields[list_name]:
                owners[" ".join(fold_words(word))].append((country, kind))
    spaced = {word: tuple(found) for word, found in owners.items()}
    glued = {
        word.replace(" ", ""): found
        for word, found in spaced.items()
        if (_UNSPACED.search(word) and len(word) > 1) or len(word) >= _GLUED_MIN
    }
    return _Words(spaced, tuple(glued.items()))


@cache
def _load_calling_codes() -> dict[str, tuple[str, ...]]:
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for country, fields in _load_table().items():
        codes[str(fields["calling"])].append(country)
    return {code: tuple(countries) for code, countries in codes.items()}


@cache
def _load_domains() -> dict[str, str]:
    domains = {
        str(fields.get("domain", country.lower())): country
        for country, fields in _load_table().items()
    }
    return {
        domain: country for domain, country in domains.items() if domain not in _GENERIC_DOMAINS
    }

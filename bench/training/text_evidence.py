"""Which way the evidence about typed messages may count; the data say only how much.

A feature that supports a reading never gets a negative weight, and one that opposes it never a
positive one. It keeps weights readable, and keeps a few odd messages from teaching nonsense.
"""

from __future__ import annotations

SUPPORTS: dict[str, frozenset[str]] = {
    "reading": frozenset(
        [
            "currency", "sign", "multiplier", "computed", "decimals of money", "at the end",
            "closed by a sign", "behind a sign", "largest", "glued and long", "glued to a word",
            "several alike", "day impossible as amount",
            "only one with a currency", "only one exact", "group parted behind a link",
            "left as a year",
        ]
    ),
    "private": frozenset(
        [
            "bias", "currency", "some currency", "decimals of money", "multiplier", "sign",
            "verb of paying", "income word", "several entries",
        ]
    ),
    "group": frozenset(
        [
            "currency", "some currency", "decimals of money", "multiplier", "verb of paying",
            "income word", "known note", "booked before", "several entries",
            "thousands of a small unit",
        ]
    ),
    "income": frozenset(["plus sign", "income word", "money may have come in"]),
}  # fmt: skip
OPPOSES: dict[str, frozenset[str]] = {
    "reading": frozenset(
        [
            "like quantity", "like naming", "like address", "like glued", "like ordinal",
            "like version", "counts alone", "glued to a code", "counts a word", "names a word",
            "small behind a link", "behind a model", "far smaller", "below the smallest coin",
            "other decimals", "ratio", "hyphen", "group parted", "several",
            "several, some without words", "several with counts", "left though larger",
            "left exact with words", "left with a currency", "several, only some with a currency", "left price with words", "several of unlike scale", "left count with words", "left next to the amount", "day without amount",
            "nothing is an amount", "stopped", "like a year", "another has a currency",
            "another is exact", "joined behind a link",
        ]
    ),
    "private": frozenset(
        [
            "question", "code", "states", "verb", "subject", "helping verb", "subject and verb",
            "verb at an edge", "nothing but a subject", "code and digits", "debt", "negation",
            "paying denied", "rate", "measure", "hedge", "plan", "score", "link", "has phone",
            "has time", "article leads", "soon", "like an hour", "recipe",
        ]
    ),
    "group": frozenset(
        [
            "question", "code", "polite", "plan", "price", "states", "hedge", "measure", "rate",
            "behind a route", "debt", "negation", "link", "verb", "subject", "helping verb",
            "subject and verb", "paying denied", "has phone", "has score", "has percent",
            "has time", "has link", "has quantity", "deleted before", "verb at an edge",
            "nothing but a subject", "code and digits", "like a year", "like an hour", "soon",
            "price told", "vote", "score", "other decimals", "small and plain", "inside",
            "behind a model", "behind letters", "recipe", "no words", "many words", "some words",
            "article leads", "bias", "plain list without signs",
        ]
    ),
    "income": frozenset(["bias", "minus sign", "money went out", "verb of paying", "behind a link"]),
}  # fmt: skip

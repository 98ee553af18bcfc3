"""Patch the last query by what a person adds to it: `and in September?`, `and for Ben?`."""

from __future__ import annotations

from dataclasses import replace

from ledger.inquiries.query import Query, QueryFilter


def patch(before: Query, asked: QueryFilter) -> Query:
    """Return the query of before with every condition that is said again replaced.

    What an entry is about (category, shop, words, tag) is one thing: a new one takes its place.
    """
    which = before.filter
    if asked.period:
        which = replace(which, period=asked.period)
    if asked.scopes or asked.merchant or asked.words or asked.tag or asked.item:
        which = replace(
            which,
            scopes=asked.scopes,
            merchant=asked.merchant,
            words=asked.words,
            tag=asked.tag,
            item=asked.item or (asked.words if which.item else ""),
        )
    if asked.member:
        which = replace(which, member=asked.member)
    if asked.least is not None or asked.most is not None:
        which = replace(which, least=asked.least, most=asked.most, currency=asked.currency)
    if asked.without:
        # What is left out now is no longer what the question is about.
        if any(one.words and one.words == which.words for one in asked.without):
            which = replace(which, words="")
        which = replace(which, without=(*which.without, *asked.without))
    # The named period to compare with belonged to the period that is replaced.
    return replace(before, filter=which, other=None if asked.period else before.other)

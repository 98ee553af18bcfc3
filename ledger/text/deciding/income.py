"""Decide whether an entry is an income, or ask where both are possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ledger.text.deciding.weights import estimate, margin
from ledger.text.lines.line import Amount, TextLine
from ledger.text.lines.parts import Range
from ledger.text.model import EntryKind


def find_kind(
    line: TextLine, part: Range, amount: Amount, inherited: EntryKind
) -> EntryKind | None:
    """Return whether an entry is an expense or an income, None if a person must decide."""
    if inherited == "income":
        return "income"
    features = describe_income(line, part, amount)
    if not features:
        return "expense"
    if features["minus sign"] and features["income word"]:
        return None
    if _is_sale(line, part, features):
        return "income"
    probability = estimate("income", features)
    if probability >= margin("income"):
        # From mom, returned shoes: without a word for income only the person knows.
        return "income" if features["income word"] or features["plus sign"] else None
    return "expense" if probability <= 1 - margin("income") else None


def describe_income(line: TextLine, part: Range, amount: Amount) -> Counter[str]:
    """Name what supports and opposes money having come in."""
    roles = set(_roles(line, part))
    checks: dict[str, bool] = {
        "plus sign": amount.sign == "+",
        "minus sign": amount.sign == "-",
        "income word": "income" in roles,
        "money may have come in": "came_in" in roles or "receiving" in roles,
        "money went out": "gave_out" in roles,
        "verb of paying": "paid" in roles,
    }
    if {"came_in", "receiving"} & roles:  # I got coffee for 5
        linked = line.role_before(amount.start, "connecting", "price_word")
        checks["behind a link"] = linked is not None and amount.start > part[0] + 1
    return Counter({name: 1 for name, is_so in checks.items() if is_so})


def _is_sale(line: TextLine, part: Range, features: Counter[str]) -> bool:
    """Return whether something was sold and nothing says that money went out as well."""
    spent = features["minus sign"] or features["money went out"] or features["verb of paying"]
    return not spent and "sold" in _roles(line, part)


def has_income_word(line: TextLine, part: Range) -> bool:
    """Return whether a word of a part means that money came in."""
    return "income" in _roles(line, part)


_TELLING = frozenset(("income", "came_in", "gave_out", "paid", "receiving", "sold"))


def _roles(line: TextLine, part: Range) -> Iterator[str]:
    """Give the roles about income and spending of a part's words, longest phrases first."""
    suffixes = line.context.vocabulary.tables.income_suffixes
    at = part[0]
    while at < part[1]:
        step = 1
        if line.is_word(at) and line.owners[at] not in ("day", "annotation"):
            known = [m for m in line.meanings[at] if m.role in _TELLING]
            telling = [m for m in known if line.is_spoken(m, at)]
            length = max((m.length for m in telling), default=0)
            quiet = max((m.length for m in line.meanings[at] if m.role in _QUIET), default=0)
            if quiet > max(1, length):
                at += quiet  # bono metro is a ticket, not a bonus
                continue
            yield from (m.role for m in telling if m.length == length and at + length <= part[1])
            step = max(1, length)
            if line.key(at).endswith(suffixes):
                yield "income"
        at += step


_QUIET = frozenset(("plain", "payday"))

"""Join two drafts of the same receipt by different readers, field by field.

The first is the local reader's (or what was joined before): its words were recognised here and are
the evidence. The second may be a cloud reader's, which can err, invent or do what the paper tells it.
So the second may confirm and may object, but a value of its own is never booked unasked:

- both agree: the value is taken, unless printed sums contradict (and no other reader's sums hold; those
  of a language model count for nothing, since it may invent figures that make them hold);
- they differ: the person is asked, with both values as buttons;
- only the first has a value: it stays as sure as it was;
- only the second has one: it is offered and asked, or marked where it is a day.

A name is taken from the second only when its words are in the print.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ledger.receipt.deciding.checks import sum_items
from ledger.receipt.deciding.decision import may_book
from ledger.receipt.draft import Check, Field, LineItem, ReceiptDraft
from ledger.receipt.reading.amounts import find_amounts
from ledger.receipt.reading.labels import fold_text

Value = Decimal | date | str

CHOICES_MAX = 4
_CONFIDENCE_MAX = 0.995
_ASKED = 0.5
"""The most that is left of a field's confidence when its readers differ."""
_SEEN = frozenset({"receipt", "refund"})
_NAME_MAX = 80
_NO_NAME = re.compile(r"[<>{}\[\]]|://|www\.", re.IGNORECASE)
_SAME_NAME = 0.6
"""Share of a name's letters that must be in the print, as whole words."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """One field of the result: its value, its confidence, whether to ask, and the values to offer."""

    value: Value | None
    confidence: float
    ask: bool
    choices: tuple[Value, ...] = ()


def join_drafts(
    first: Sequence[ReceiptDraft], second: Sequence[ReceiptDraft], *, talked_to: bool = True
) -> tuple[ReceiptDraft, ...]:
    """Join all receipts of a picture; readers that count them differently agree on nothing.

    `talked_to`: the second reader is a language model, which print may talk into anything.
    """
    if not second:
        return tuple(first)
    if len(first) != len(second):
        return tuple(_ask_about_total(draft, second) for draft in first)
    left = list(second)
    joined = []
    for draft in first:
        same = next((other for other in left if other.total == draft.total), left[0])
        left.remove(same)
        joined.append(join(draft, same, talked_to=talked_to))
    return tuple(joined)


def join(first: ReceiptDraft, second: ReceiptDraft, *, talked_to: bool = True) -> ReceiptDraft:
    """Join two drafts of one receipt; `first` holds the evidence."""
    if first.kind not in _SEEN:
        return _offer(first, second)
    fields: dict[Field, _Joined] = {
        "total": _join_totals(first, second, talked_to=talked_to),
        "date": _join_days(first, second),
        "currency": _join_currencies(first, second),
    }
    merchant = first.merchant or _find_printed_name(second.merchant, first.text)
    total, on, code = (fields[name].value for name in ("total", "date", "currency"))
    draft = replace(
        first,
        merchant=merchant,
        on=on if isinstance(on, date) else None,
        total=total if isinstance(total, Decimal) else None,
        currency=code if isinstance(code, str) else first.currency,
        tax=first.tax if first.tax is not None else _keep_printed(second.tax, first),
        items=_join_items(first, second),
        checks=(*first.checks, _check_agreement(first, second)),
        confidence={
            **first.confidence,
            **{name: round(joined.confidence, 4) for name, joined in fields.items()},
        },
        asks=tuple(name for name, joined in fields.items() if joined.ask),
        candidates=_list_choices(fields),
    )
    return _mark(replace(draft, sure=may_book(draft, draft.asks)), first, second)


def _mark(joined: ReceiptDraft, first: ReceiptDraft, second: ReceiptDraft) -> ReceiptDraft:
    """Keep the first draft's marks where the second does not confirm them, and what it offers."""
    confirmed: set[Field] = set(joined.asks)
    if first.on is not None and first.on == second.on:
        confirmed.add("date")
    if first.currency == second.currency and second.currency_source != "chat":
        confirmed.add("currency")
    if joined.merchant and fold_text(joined.merchant) == fold_text(second.merchant or ""):
        confirmed.add("merchant")
    marks = tuple(name for name in first.marks if name not in confirmed)
    alternatives = {name: first.alternatives.get(name, ()) for name in marks}
    if "date" in marks and second.on is not None:
        days = (second.on, *(day for day in alternatives["date"] if isinstance(day, date)))
        alternatives["date"] = tuple(dict.fromkeys(days))
    return replace(joined, marks=marks, alternatives=alternatives)


def _join_days(first: ReceiptDraft, second: ReceiptDraft) -> _Joined:
    """Join the days; one that only the second reader saw is offered with the mark, not asked."""
    if first.on is None and "date" not in first.asks:
        return _Joined(None, 0.0, ask=False)
    return _join_field("date", first, second, first.on, second.on)


def _join_totals(first: ReceiptDraft, second: ReceiptDraft, *, talked_to: bool) -> _Joined:
    """Join the totals; agreement is not enough where the paper's own sums contradict it."""
    joined = _join_field("total", first, second, first.total, second.total)
    if first.total is None or second.total is None:
        return joined
    if first.total != second.total:
        if _is_contradicted(first) and _keep_printed(second.total, first):
            # Sums support the other, so it is offered first.
            choices = tuple(_list_values(second.total, *joined.choices))
            return _Joined(second.total, joined.confidence, ask=True, choices=choices)
        return joined
    if not _is_contradicted(first) and not _is_contradicted(second):
        return joined
    if not talked_to and _is_supported(second) and _has_printed_lines(first, second):
        return joined
    choices = tuple(
        _list_values(
            first.total, *first.candidates.get("total", ()), *_list_wanted_sums(first, second)
        )
    )
    return _Joined(first.total, min(joined.confidence, _ASKED), ask=True, choices=choices)


def _join_field(
    name: Field, first: ReceiptDraft, second: ReceiptDraft, one: Value | None, other: Value | None
) -> _Joined:
    """Join a field whose values are equal or not."""
    asked_before = name in first.asks
    believed, told = first.confidence.get(name, 0.0), second.confidence.get(name, 0.0)
    offered = tuple(_list_values(one, other, *first.candidates.get(name, ())))
    if one is None:
        return _Joined(other, min(told, _ASKED), ask=True, choices=offered)
    if other is None:
        return _Joined(one, believed, ask=asked_before, choices=offered)
    if one != other:
        return _Joined(one, min(believed, _ASKED), ask=True, choices=offered)
    both = 1 - (1 - believed) * (1 - told)
    # The second reader asks about its own print as well: two doubts do not make a certainty.
    doubted = asked_before and name in second.asks and both < _CONFIDENCE_MAX
    return _Joined(one, min(both, _CONFIDENCE_MAX), ask=doubted, choices=offered)


def _join_currencies(first: ReceiptDraft, second: ReceiptDraft) -> _Joined:
    """Join the currencies; one that is only the chat's own objects to nothing."""
    if second.currency_source == "chat":
        return _join_field("currency", first, second, first.currency, None)
    if first.currency_source == "chat" and first.currency != second.currency:
        # Print outweighs habit, but only the cloud reader saw it.
        offered = tuple(_list_values(second.currency, first.currency))
        return _Joined(first.currency, _ASKED, ask=True, choices=offered)
    return _join_field("currency", first, second, first.currency, second.currency)


def _is_contradicted(draft: ReceiptDraft) -> bool:
    """Return whether printed sums contradict a draft's total and none supports it."""
    sums = [check for check in draft.checks if check.name != "printed_twice"]
    return any(not check.passed for check in sums) and not any(check.passed for check in sums)


def _is_supported(draft: ReceiptDraft) -> bool:
    """Return whether sums support a draft's total and none contradicts it."""
    return any(c.name != "printed_twice" for c in draft.checks) and all(
        check.passed for check in draft.checks
    )


def _has_printed_lines(evidence: ReceiptDraft, draft: ReceiptDraft) -> bool:
    """Return whether a draft's lines are in print, and are more than the total once again."""
    figures = _find_figures(evidence.text)
    prices = [abs(item.price) for item in draft.items]
    return draft.total not in prices and all(price in figures for price in prices)


def _list_wanted_sums(first: ReceiptDraft, second: ReceiptDraft) -> list[Decimal]:
    """Return the totals that the failed equations ask for, where such an amount is printed."""
    wanted = [
        draft.total - check.delta
        for draft in (first, second)
        for check in draft.checks
        if not check.passed and draft.total is not None
    ]
    figures = _find_figures(first.text)
    return [value for value in wanted if value > 0 and value in figures]


def _check_agreement(first: ReceiptDraft, second: ReceiptDraft) -> Check:
    """Note whether the readers agree on the total, and by how much they differ."""
    if first.total is None or second.total is None:
        return Check("readers", passed=False, delta=first.total or second.total or Decimal(0))
    return Check("readers", first.total == second.total, first.total - second.total)


def _list_choices(
    fields: dict[Field, _Joined],
) -> dict[Field, tuple[Decimal, ...] | tuple[date, ...] | tuple[str, ...]]:
    """Return the values to offer for each field that is asked."""
    found: dict[Field, tuple[Decimal, ...] | tuple[date, ...] | tuple[str, ...]] = {
        name: joined.choices[:CHOICES_MAX]  # type: ignore[misc]  # one field, one kind of value
        for name, joined in fields.items()
        if joined.ask
    }
    return found


def _ask_about_total(draft: ReceiptDraft, others: Sequence[ReceiptDraft]) -> ReceiptDraft:
    """Ask about the total of a receipt whose picture another reader parted differently."""
    if draft.kind not in _SEEN:
        return _offer(draft, others[0])
    totals = [other.total for other in others if other.total is not None]
    choices = _list_values(draft.total, *totals, *draft.candidates.get("total", ()))
    return replace(
        draft,
        sure=False,
        asks=tuple(dict.fromkeys(("total", *draft.asks))),
        candidates={**draft.candidates, "total": tuple(choices)[:CHOICES_MAX]},  # type: ignore[dict-item]
        confidence={
            **draft.confidence,
            "total": min(draft.confidence.get("total", 0.0), _ASKED),
        },
    )


def _offer(first: ReceiptDraft, second: ReceiptDraft) -> ReceiptDraft:
    """Offer the second reader's draft alone, and ask about its total."""
    if second.total is None:
        return first
    return replace(
        second,
        kind="receipt",
        merchant=_find_printed_name(second.merchant, first.text),
        sure=False,
        asks=tuple(dict.fromkeys(("total", *second.asks))),
        candidates={**second.candidates, "total": (second.total,)},
        confidence={**second.confidence, "total": _ASKED},
        text=first.text or second.text,
        missing=first.missing,
    )


def _join_items(first: ReceiptDraft, second: ReceiptDraft) -> tuple[LineItem, ...]:
    """Take the lines that add up to the total; the second's only when all of them are printed."""
    if not second.items or _is_sum_of_items(first):
        return first.items
    agreed = first.total is not None and first.total == second.total
    figures = _find_figures(first.text)
    printed = all(abs(item.price) in figures for item in second.items)
    return second.items if agreed and printed and _is_sum_of_items(second) else first.items


def _is_sum_of_items(draft: ReceiptDraft) -> bool:
    named = [check.passed for check in draft.checks if check.name == "items"]
    return any(named) or (bool(draft.items) and sum_items(draft.items) == draft.total)


def _keep_printed(amount: Decimal | None, evidence: ReceiptDraft) -> Decimal | None:
    """Return an amount that occurs in the print, else nothing."""
    return amount if amount is not None and abs(amount) in _find_figures(evidence.text) else None


def _find_figures(text: str) -> set[Decimal]:
    return {abs(amount.value) for amount in find_amounts(text)}


def _find_printed_name(name: str | None, text: str) -> str | None:
    """Return the name if its words are in the print and it holds no markup or address."""
    if not name or len(name) > _NAME_MAX or _NO_NAME.search(name):
        return None
    print_ = fold_text(text)
    words = [fold_text(word) for word in name.split()]
    letters = sum(map(len, words))
    found = sum(len(word) for word in words if word and word in print_)
    return name if letters and found >= _SAME_NAME * letters else None


def _list_values(*values: Value | None) -> list[Value]:
    """Return the values there are, each once, in order."""
    return list(dict.fromkeys(value for value in values if value is not None))

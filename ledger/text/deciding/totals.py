"""Compare the totals and balances of a message with its entries; they are never booked."""

from __future__ import annotations

from dataclasses import replace

from ledger.text.deciding.booking import Booked, MessageState, drop_entries
from ledger.text.model import Ask, AskOption

SUMMED_MIN = 2
"""Entries that a total needs above it; a total alone is an entry."""
_FILLERS = ("connecting", "with", "article", "of", "states", "auxiliary", "plain", "and")


def settle_totals(state: MessageState) -> None:
    """Drop totals and balances; where a total differs from its entries, ask about the rest."""
    named = [_names_only(one, "total") or _is_equals(one) for one in state.interpreted]
    totals = {i for i, is_so in enumerate(named) if is_so and i >= SUMMED_MIN}
    others = len(state.entries) - len(totals)
    for i in totals if others >= SUMMED_MIN else ():
        _compare(state, i, totals)
    balances = {i for i, one in enumerate(state.interpreted) if _names_only(one, "balance")}
    drop = balances if len(balances) < len(state.entries) else _ask_about_balances(state, balances)
    drop |= _ask_about_tips(state)
    if others >= SUMMED_MIN:
        drop = drop | totals
    if drop:
        drop_entries(state, drop)


def _ask_about_balances(state: MessageState, balances: set[int]) -> set[int]:
    """Ask whether to record what is only change or a balance, where nothing else is: `сдача 60`."""
    for i in balances if state.context.chat.spoken_to else ():
        line, part, _ = state.interpreted[i]
        options = (AskOption((state.entries[i],)),)
        state.asks.append(Ask("record_anyway", options, line.typed(*part)))
    return balances if state.context.chat.spoken_to else set()


def _ask_about_tips(state: MessageState) -> set[int]:
    """Ask which of two was paid where a tip is larger than the bill before it: dinner 56, with tip 60."""
    for i, one in enumerate(state.interpreted[1:], 1):
        bill, tip = state.entries[i - 1], state.entries[i]
        known = tip.currency == bill.currency and tip.amount > bill.amount
        if known and _names_only(one, "gratuity"):
            line, part, _ = state.interpreted[i - 1]
            options = (replace(bill, amount=tip.amount), bill)
            words = line.typed(part[0], one[1][1]) if line is one[0] else line.typed(*part)
            asked = tuple(AskOption((option,)) for option in options)
            state.asks.append(Ask("which_amount", asked, words))
            state.doubted.append([(state.interpreted[i - 1], bill)])
            return {i - 1, i}
    return set()


def _compare(state: MessageState, at: int, totals: set[int]) -> None:
    """Ask about the difference between a total and the entries above it."""
    total = state.entries[at]
    above = [e for i, e in enumerate(state.entries[:at]) if i not in totals]
    if any(e.currency != total.currency or e.type != "expense" for e in above):
        return
    rest = total.amount - sum(e.amount for e in above)
    if rest > 0:
        line, part, _ = state.interpreted[at]
        missing = replace(total, amount=rest, note="", type="expense")
        words = line.typed(*part)
        state.asks.append(Ask("total_differs", (AskOption((missing,)),), words))


def _names_only(booked: Booked, role: str) -> bool:
    """Return whether an entry has only words for a total, or a balance."""
    line, part, interpretation = booked
    taken = range(interpretation.amount.start, interpretation.amount.end)
    words = [i for i in range(*part) if line.is_word(i) and i not in taken]
    named = [i for i in words if line.role(i, role)]
    covered = {j for i in named for j in range(i, i + _length(booked, i, role))}
    return bool(named) and all(i in covered or line.role(i, *_FILLERS) for i in words)


def _length(booked: Booked, at: int, role: str) -> int:
    meaning = booked[0].role(at, role)
    return meaning.length if meaning else 1


def _is_equals(booked: Booked) -> bool:
    """Return whether an entry is a bare figure behind an equals sign: `= 600`."""
    line, part, _ = booked
    words = any(line.is_word(i) for i in range(*part) if not line.owners[i])
    return line.is_sign(part[0], "=") and not words

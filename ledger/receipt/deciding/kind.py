"""Classify a picture: a receipt, a refund, a torn receipt, or something else."""

from __future__ import annotations

from ledger.receipt.draft import Kind
from ledger.receipt.reading.labelled_rows import LabelledRows
from ledger.receipt.reading.labels import Label

_CHARACTERS_MIN = 12
_MONEY: frozenset[Label] = frozenset({"total", "payable", "cash", "card", "subtotal", "tax"})
_SUMS: frozenset[Label] = frozenset({"total", "payable", "cash", "card"})
_TILL: frozenset[Label] = _MONEY | {"heading", "date", "change", "rounding", "count"}
_TILL_ROWS_MIN = 3
_PRICES_MIN = 2
_READABLE = 0.9
_BLURRED = 0.75
_ROWS_MIN = 4
"""Mean confidence of rows below which a page is blurred beyond reading."""


def classify(labelled: LabelledRows) -> Kind:
    """Tell a receipt from half of one, from a refund, and from a picture of something else."""
    characters = sum(char.isalnum() for char in labelled.text)
    till_rows = sum(bool(labels & _TILL) for labels in labelled.labels)
    if characters < _CHARACTERS_MIN:
        return "not_a_receipt"
    prices = sum(figure.amount.decimals > 0 for figure in labelled.all_figures)
    sums = sum(_has_figure_of(labelled, index, _MONEY) for index in range(len(labelled.rows)))
    if not labelled.all_figures or (not sums and prices < _PRICES_MIN):
        if till_rows < _TILL_ROWS_MIN:
            blurred = len(labelled.rows) >= _ROWS_MIN and _average_confidence(labelled) < _BLURRED
            return "unreadable" if blurred else "not_a_receipt"
        return "cut_off" if _average_confidence(labelled) >= _READABLE else "unreadable"
    if not any(_has_figure_of(labelled, index, _SUMS) for index in range(len(labelled.rows))):
        return "cut_off"
    return "refund" if _is_refund(labelled) else "receipt"


def _has_figure_of(labelled: LabelledRows, index: int, words: frozenset[Label]) -> bool:
    return bool(labelled.figures[index]) and bool(labelled.context(index) & words)


def _is_refund(labelled: LabelledRows) -> bool:
    """Return whether the upper half names a refund and the sum is negative."""
    named = any("refund" in labels for labels in labelled.labels[: len(labelled.rows) // 2 + 1])
    return named and any(
        figure.value < 0 and labelled.context(figure.row) & _SUMS for figure in labelled.all_figures
    )


def _average_confidence(labelled: LabelledRows) -> float:
    return sum(row.confidence for row in labelled.rows) / max(1, len(labelled.rows))

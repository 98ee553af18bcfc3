"""Find the line items (name, price, quantity, discounts, deposits) in any layout.

Tills print an item on one row, or its name and its figures on two, in either order. Which of the two
orders a page uses is decided once for the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from ledger.receipt.draft import LineItem
from ledger.receipt.reading.labelled_rows import Figure, LabelledRows
from ledger.receipt.reading.labels import Label

_END: frozenset[Label] = frozenset({"total", "payable", "subtotal", "cash", "card", "change"})
_NOT_ITEMS: frozenset[Label] = _END | {"tax", "rounding", "date", "service"}
_QUANTITY = re.compile(
    r"(?<![\w.,])(?P<count>\d{1,3}(?:[.,]\d{1,3})?)\s*(?:st[kü]?c?k?|pcs?|kg|g|l|szt|ks|db|x)?\.?\s*[xX×*@à]\s*"
    r"(?:RM|[€$£])?\s*(?P<price>\d{1,5}[.,]\s?\d{2,3})",
    re.IGNORECASE,
)
_PER_KILO = re.compile(
    r"(?P<count>\d{1,3}[.,]\d{2,3})\s*kg\D{0,6}(?P<price>\d{1,4}[.,]\d{2})\s*(?:€|EUR)?\s*/\s*kg",
    re.IGNORECASE,
)
_CODE = re.compile(r"^\W*(?:\d{4,14}\b|\d{1,3}[.)]\s)\W*")
_NAME_EDGE = " \t*#=~_-–—:;,|<>@xX×+"
_UNITS = frozenset(
    [
        "pc",
        "pcs",
        "ea",
        "kg",
        "g",
        "gr",
        "l",
        "ml",
        "st",
        "stk",
        "stck",
        "x",
        "sr",
        "zr",
        "zrl",
        "os",
        "es",
        "rm",
        "eur",
        "usd",
        "szt",
        "ks",
        "db",
        "qty",
        "nos",
        "unit",
        "un",
        "uds",
        "each",
        "per",
    ]
)
_IDEOGRAPH = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_LETTERS_MIN = 3
_PRICE_MAX = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class _Row:
    index: int
    price: Figure | None
    words: str


def find_items(labelled: LabelledRows) -> tuple[LineItem, ...]:
    """Return the line items in printed order; empty when the layout is not understood."""
    first, last = _find_extent(labelled)
    rows = [_look(labelled, index) for index in range(first, last)]
    names_below = _names_below(rows)
    items: list[LineItem] = []
    used: set[int] = set()
    for at, row in enumerate(rows):
        if row.price is None:
            if items and not (_is_next_bare(rows, at) and not names_below):
                items[-1] = _with_quantity(items[-1], labelled.rows[row.index].text)
            continue
        name = row.words
        if not name:
            neighbour = at + 1 if names_below else at - 1
            if (
                0 <= neighbour < len(rows)
                and rows[neighbour].price is None
                and neighbour not in used
            ):
                used.add(neighbour)
                name = rows[neighbour].words
            if not name:
                continue
        item = LineItem(name, row.price.value)
        items.append(_with_quantity(item, labelled.rows[row.index].text))
    return tuple(items)


def _find_extent(labelled: LabelledRows) -> tuple[int, int]:
    """Return the rows between the head of the receipt and its first sum."""
    last = len(labelled.rows)
    for index, labels in enumerate(labelled.labels):
        if labelled.figures[index] and labels & _END and "count" not in labels:
            last = index
            break
    first = next((i for i in range(last) if labelled.figures[i]), last)
    return max(0, first - 1), last


def _look(labelled: LabelledRows, index: int) -> _Row:
    figures = labelled.figures[index]
    labels = labelled.labels[index]
    text = labelled.rows[index].text
    in_address = "address" in labels and labelled.decimals == 0
    if labels & _NOT_ITEMS or in_address:
        return _Row(index, None, "")
    if not figures:
        bare = _QUANTITY.search(text) or _PER_KILO.search(text)
        return _Row(index, None, "" if bare else _name(text))
    figure = figures[-1]
    quantity = _QUANTITY.search(text)
    if abs(figure.value) > _PRICE_MAX or (quantity and figure.amount.end <= quantity.end()):
        return _Row(index, None, _name(text[: figures[0].amount.start]))
    # "PFAND 0,25 EURO   0,50": the first figure is part of a deposit's name.
    named = figures[-1] if "deposit" in labels else figures[0]
    start = min(named.amount.start, quantity.start() if quantity else named.amount.start)
    return _Row(index, figure, _name(text[:start]))


def _name(text: str) -> str:
    """Return the name in a text, without article number; empty for units and tax codes."""
    name = " ".join(_CODE.sub("", text).split()).strip(_NAME_EDGE)
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.lower() not in _UNITS]
    letters = sum(map(len, words))
    enough = 1 if _IDEOGRAPH.search(name) else _LETTERS_MIN
    return name if letters >= enough else ""


def _names_below(rows: list[_Row]) -> bool:
    """Return whether bare figures come above their names on this page."""
    above = below = 0
    for at, row in enumerate(rows):
        if row.price is None or row.words:
            continue
        above += at > 0 and rows[at - 1].price is None and bool(rows[at - 1].words)
        below += at + 1 < len(rows) and rows[at + 1].price is None and bool(rows[at + 1].words)
    return below > above


def _is_next_bare(rows: list[_Row], at: int) -> bool:
    return at + 1 < len(rows) and rows[at + 1].price is not None and not rows[at + 1].words


def _with_quantity(item: LineItem, text: str) -> LineItem:
    """Take quantity and unit price from a text if they multiply to the item's price."""
    for pattern in (_PER_KILO, _QUANTITY):
        for match in pattern.finditer(text):
            count, price = _parse_number(match["count"]), _parse_number(match["price"])
            if count is None or price is None:
                continue
            if abs(count * price - abs(item.price)) <= Decimal("0.01") * max(1, int(price)):
                return replace(item, quantity=count, unit_price=price)
    return item


def _parse_number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        return None


def list_item_rows(labelled: LabelledRows) -> Iterator[int]:
    """Yield the indices of the rows that hold items."""
    first, last = _find_extent(labelled)
    yield from range(first, last)

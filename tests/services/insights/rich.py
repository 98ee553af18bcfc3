"""A ledger in which every kind of insight has something to say on 20 November 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ledger.receipt.draft import LineItem, ReceiptDraft
from ledger.receipt.draft_json import dump_draft
from ledger.stored_receipts import Receipt
from services.scope import Scope
from tests.services.insights.setup import TODAY, Bought, household, write

_DAY = timedelta(days=1)


def list_bought(first: date = date(2026, 4, 1), today: date = TODAY) -> Iterator[Bought]:
    """Yield a household whose November differs from the months before."""
    yield from household(first, today)
    day = first
    while day <= today:
        is_late = day >= date(2026, 11, 1)
        if day.day in {4, 12, 20} or (is_late and day.day in {6, 9, 15, 18}):
            price = 2600 if is_late else 2000
            yield Bought(day, price + day.day, "dinner out", "eating_out", "Trattoria")
        if day.day == 5:
            yield Bought(day, 1499 if is_late else 1299, "netflix", "subscriptions")
        if day.weekday() == 0:
            yield Bought(day, 5200 + day.day * 10, "fuel", "transport")
        if day.weekday() < 5 and is_late:
            yield Bought(day, 450, "coffee", "eating_out")
        day += _DAY
    yield Bought(date(2026, 11, 17), 31_000, "fuel", "transport")
    yield Bought(date(2026, 11, 14), 9500, "", "eating_out", "Sakura")


def write_rich(scope: Scope) -> None:
    """Write it, with four receipts of milk that gets dearer."""
    write(scope, list_bought())
    prices = {date(2026, 7, 3): "1.09", date(2026, 8, 7): "1.09", date(2026, 9, 4): "1.15"}
    prices |= {date(2026, 11, 13): "1.39"}
    for number, (on, price) in enumerate(prices.items()):
        _add_receipt(scope, f"milk{number}", on, price)


def _add_receipt(scope: Scope, receipt_id: str, on: date, price: str) -> None:
    milk = LineItem("MILCH 3,5% 1L", Decimal(price) * 2, Decimal(2), Decimal(price))
    draft = ReceiptDraft("receipt", "EDEKA", on, Decimal(price) * 2, "EUR", items=(milk,))
    scope.repositories.receipts.add(
        Receipt(
            receipt_id, scope.ledger.id, f"tg:1:{receipt_id}", scope.actor, "f", "f.jpg", "",
            "booked", scope.now, reading={"drafts": [dump_draft(draft)]},
        )
    )  # fmt: skip
    bought = Bought(on, int(Decimal(price) * 200), "", "groceries", "EDEKA")
    write(scope, [bought], receipt_id, receipt_id=receipt_id)

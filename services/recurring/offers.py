"""Offer to make series of what comes again already; an offer books nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ledger.errors import NotFoundError
from ledger.money import Money
from ledger.recurring.detection import Detected, detect, list_spendings
from ledger.recurring.rules import Plan
from ledger.recurring.series import Series
from services.recurring.series import series_like
from services.scope import Scope

LOOKED_AT = 2000
"""Latest entries in which series are looked for."""
OFFERS_MAX = 3
"""Offers of one message."""


def list_offers(
    scope: Scope, *, limit: int = OFFERS_MAX, looked_at: int = LOOKED_AT
) -> tuple[Detected, ...]:
    """Return what comes again and is neither a series nor refused, the dearest first."""
    repositories, ledger_id = scope.repositories, scope.ledger.id
    refused = repositories.series.refused(ledger_id)
    known = {(one.type, one.key) for one in repositories.series.list_all(ledger_id)}
    found = detect(list_spendings(repositories.entries.recent(ledger_id, looked_at)), scope.today)
    offers = (
        one
        for one in found
        if one.state != "stopped"
        and one.key not in refused
        and (one.type, one.last.key) not in known
    )
    return tuple(offer for offer, _ in zip(offers, range(limit), strict=False))


def series_of_offer(scope: Scope, key: str) -> Series:
    """Return the series that an offer would make; what passed already is not booked.

    Raises:
        NotFoundError: Its entries are gone, or it is a series by now (`no_offer`).
    """
    offers = list_offers(scope, limit=LOOKED_AT)
    found = next((one for one in offers if one.key == key), None)
    if found is None:
        raise NotFoundError("no_offer")
    entry = scope.repositories.entries.get(scope.ledger.id, found.last.entry_id)
    money = Money.of_minor(found.expected_minor, found.currency)
    series = series_like(scope, replace(entry, money=money), Plan(found.build_rule()))
    tomorrow = scope.today + timedelta(days=1)
    return replace(series, varies=found.varies, booked_to=tomorrow)


def refuse_offer(scope: Scope, key: str) -> None:
    """Never make an offer again."""
    scope.repositories.series.refuse(scope.ledger.id, key)

"""Merge the ledgers of a group and of the supergroup that it became.

The older ledger goes on with its settings. Rows of the newer one are kept where they do not
contradict: of two budgets for the same scope and period, and of two categories learned for the
same words, the older ledger's stays. All of it is recorded, so the history still rebuilds the
ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.chats import Ledger
from ledger.entries.changes import Change
from ledger.rates.values import rate_fields
from ports.repositories import Repositories
from services.entries.recording import begin
from services.recurring.planning import plan_all
from services.reporting.budgets import budget_change
from services.restating import Restating
from services.scope import Scope


@dataclass(frozen=True, slots=True)
class Merging:
    """Moves a chat's ledger to its new chat; `restating` states amounts in its currency."""

    restating: Restating

    def migrate(self, repositories: Repositories, old_id: int, new_id: int, now: datetime) -> None:
        """Let the supergroup `new_id` go on with the ledger of the group `old_id`; repeatable."""
        given_up = repositories.chats.migrate(old_id, new_id)
        if given_up is None:
            return
        presence = repositories.chats.find(new_id)
        assert presence is not None, "the chat was just migrated"
        self._merge(Scope(repositories, presence.chat.ledger, 0, now), given_up)

    def _merge(self, scope: Scope, given_up: Ledger) -> None:
        recorder = begin(replace(scope, ledger=given_up), "migrate")
        recorder.changes.extend(_close_budgets(scope, given_up))
        recorder.changes.extend(_contradicted(scope, given_up))
        recorder.changes.extend(_outvoted_rates(scope, given_up))
        recorder.write()
        scope.repositories.chats.merge(scope.ledger.id, given_up.id)
        plan_all(scope)
        # Last, because only now the kept ledger holds the entries to restate.
        self.restating.start(scope)


def _close_budgets(scope: Scope, given_up: Ledger) -> Iterator[Change]:
    """Remove budgets that the kept ledger has too; each other one keeps its own currency."""
    budgets = scope.repositories.budgets
    kept = {(budget.scope, budget.per) for budget in budgets.list_all(scope.ledger.id)}
    for budget in budgets.list_all(given_up.id):
        change = budget_change(budget, None)
        # Yielded as a change, so that the history still rebuilds the merged ledger.
        if change is not None and (budget.scope, budget.per) in kept:
            budgets.remove(given_up.id, budget.id, scope.now)
            yield change


def _contradicted(scope: Scope, given_up: Ledger) -> Iterator[Change]:
    """Note lessons of the given-up ledger that the kept one learned otherwise."""
    corrections = scope.repositories.corrections
    kept = {(one.kind, one.key): one.category for one in corrections.list_all(scope.ledger.id)}
    for one in corrections.list_all(given_up.id):
        stays = kept.get((one.kind, one.key), one.category)
        if stays != one.category:
            before, after = {"category": one.category}, {"category": stays}
            yield Change("correction", f"{one.kind}:{one.key}", before, after)


def _outvoted_rates(scope: Scope, given_up: Ledger) -> Iterator[Change]:
    """Note own rates of the given-up ledger that the kept one set otherwise for the same day."""
    rates = scope.repositories.rates
    kept = {rate.id: rate_fields(rate) for rate in rates.list_own(scope.ledger.id)}
    for rate in rates.list_own(given_up.id):
        stays = kept.get(rate.id, rate_fields(rate))
        if stays != rate_fields(rate):
            yield Change("rate", rate.id, rate_fields(rate), stays)

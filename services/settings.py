"""Save the settings of a ledger with all that follows from them."""

from __future__ import annotations

from ledger.settings import Settings
from services.recurring.planning import plan_all
from services.reporting.card_schedule import refresh_card, switch_card
from services.reporting.pushes import plan
from services.reporting.watching import settle_all
from services.restating import Restating
from services.scope import Scope


def apply_settings(scope: Scope, settings: Settings, restating: Restating) -> Scope:
    """Save settings, with pushes, alerts and amounts brought in line; return the new scope."""
    changed = scope.with_settings(settings)
    scope.repositories.chats.save_settings(scope.ledger.id, settings)
    if settings.currency != scope.settings.currency:
        restating.start(changed)
    if _thresholds(settings) != _thresholds(scope.settings):
        # Whoever sets a threshold that is passed already must not be alarmed by the next coffee.
        settle_all(changed)
    if settings.card_on != scope.settings.card_on:
        switch_card(changed)
    else:
        refresh_card(changed)
    if _hours(settings) != _hours(scope.settings):
        plan_all(changed)
    plan(changed, changed=True, before=scope.settings)
    return changed


def _thresholds(settings: Settings) -> tuple[object, ...]:
    return settings.alert_percents, settings.alert_amounts


def _hours(settings: Settings) -> tuple[object, ...]:
    return settings.timezone, settings.quiet_hours

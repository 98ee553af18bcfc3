"""Save the settings of a ledger with all that follows from them."""

from __future__ import annotations

from ledger.settings import Settings
from services.reporting.pushes import plan
from services.restating import Restating
from services.scope import Scope


def apply_settings(scope: Scope, settings: Settings, restating: Restating) -> Scope:
    """Save settings, replan pushes, restate amounts; return the scope with the new settings."""
    changed = scope.with_settings(settings)
    scope.repositories.chats.save_settings(scope.ledger.id, settings)
    if settings.currency != scope.settings.currency:
        restating.start(changed)
    plan(changed, changed=True, before=scope.settings)
    return changed

"""Push the alerts of budgets."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.budgets.thresholds import Alert
from presentation import views
from replies.responder import ChatResponder


def respond_alerts(responder: ChatResponder, alerts: Sequence[Alert]) -> None:
    """Push the budgets that reached a threshold, all in one message."""
    if alerts:
        responder.push(views.alert(alerts, responder.t))

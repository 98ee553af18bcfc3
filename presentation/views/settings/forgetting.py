"""Ask before everything is deleted, and confirm it."""

from __future__ import annotations

from ports.messages import Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.views.parts import press


def forget(t: Localizer) -> Reply:
    """Ask once whether the whole ledger shall go."""
    keep = press(t("button.keep"), buttons.dismiss(), t)
    go = press(t("button.forget"), buttons.forget(), t)
    return Reply(t("forget.ask"), ((keep,), (go,)))


def forgotten(t: Localizer) -> Reply:
    """Confirm that the ledger is deleted."""
    return Reply(t("forget.done"))


def kept(t: Localizer) -> Reply:
    """Confirm that nothing was deleted."""
    return Reply(t("forget.kept"))

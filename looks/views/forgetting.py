"""Deleting everything: asked once, then for good."""

from __future__ import annotations

from looks import buttons
from looks.tongue import Tongue
from looks.views.parts import press
from ports.messages import Reply


def forget(t: Tongue) -> Reply:
    """Ask once whether the whole ledger shall go."""
    keep = press(t("button.keep"), buttons.dismiss(), t)
    go = press(t("button.forget"), buttons.forget(), t)
    return Reply(t("forget.ask"), ((keep,), (go,)))


def forgotten(t: Tongue) -> Reply:
    """Say that it is gone."""
    return Reply(t("forget.done"))


def kept(t: Tongue) -> Reply:
    """Say that nothing was deleted."""
    return Reply(t("forget.kept"))

"""Arm the fail point that the environment names (`KVITTO_FAILPOINT=name` or `name:visit`)."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.errors import SettingsError
from ports.failpoints import FAILPOINTS, arm

VARIABLE = "KVITTO_FAILPOINT"


def arm_from(environment: Mapping[str, str]) -> None:
    """Arm what the environment asks for; `name:3` ends the process at the third visit.

    Raises:
        SettingsError: the name is unknown or the visit is not a positive number.
    """
    name, _, visit = environment.get(VARIABLE, "").partition(":")
    if not name:
        return
    if name not in FAILPOINTS or not (visit or "1").isdecimal() or visit == "0":
        raise SettingsError("setting_wrong", name=VARIABLE, remedy="see `kvitto failpoints`")
    arm(name, int(visit or "1"))


def list_failpoints() -> list[tuple[str, str]]:
    """Return every fail point with what is done and not done there."""
    return sorted(FAILPOINTS.items())

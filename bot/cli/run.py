"""Run everything in one process, or some roles of a larger installation."""

from __future__ import annotations

import sys

import uvloop

from bot.ops.logs import open_logs
from bot.ops.memory import prepare_memory
from bot.setup.roles import Role
from bot.setup.settings import read_settings, require_telegram
from bot.telemetry.opening import open_telemetry

SWITCH_SECONDS = 0.001
"""Seconds that the loop and the writer's thread wait for each other's interpreter. With
Python's 5 ms an answer at 100 texts a second took 19 ms in the median, with this 5 ms."""


def run(roles: frozenset[Role]) -> int:
    """Run until a signal.

    Raises:
        LedgerError: the start failed for a reason that is named.
    """
    prepare_memory()
    settings = require_telegram(read_settings())
    open_logs(settings.log_level, settings.log_format, settings.secrets())
    from bot.setup import wiring  # noqa: PLC0415  # a wrong setting is told before the slow imports

    sys.setswitchinterval(SWITCH_SECONDS)
    with open_telemetry(settings, ",".join(sorted(roles))):
        return uvloop.run(wiring.run(settings, roles))

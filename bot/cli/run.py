"""`kvitto run`: everything in one process, or some roles of a larger installation."""

from __future__ import annotations

import uvloop

from bot.logs import open_logs
from bot.roles import Role
from bot.settings import read_settings, require_telegram


def run(roles: frozenset[Role]) -> int:
    """Run until a signal.

    Raises:
        LedgerError: the start failed for a reason that is named.
    """
    settings = require_telegram(read_settings())
    open_logs(settings.log_level, settings.log_format, settings.secrets())
    from bot import wiring  # noqa: PLC0415  # a wrong setting is told before the slow imports

    return uvloop.run(wiring.run(settings, roles))

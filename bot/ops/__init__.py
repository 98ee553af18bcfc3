"""Run the process: logs, metrics, lifecycle, fail points, clock."""

from bot.ops.lean_imports import import_without

import_without("structlog", "rich")

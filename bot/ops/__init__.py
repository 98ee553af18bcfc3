"""Run the process: logs, metrics, lifecycle, fail points, clock."""

from ports.lean_imports import import_without

import_without("structlog", "rich")

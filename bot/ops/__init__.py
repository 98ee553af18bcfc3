"""Run the process: logs, metrics, lifecycle, fail points, clock."""

from ports.lean_imports import import_alone, import_without

import_without("structlog", "rich")
for part in ("metrics", "platform_collector", "process_collector", "registry"):
    import_alone(f"prometheus_client.{part}")

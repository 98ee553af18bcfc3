"""Run the process: logs, metrics, lifecycle, fail points, clock."""

"""Plugs of `ports.telemetry`, one vendor a file; none is imported unless a setting names it."""

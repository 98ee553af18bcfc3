"""Bound a child process that opens files which nobody has looked at."""

from __future__ import annotations


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound memory and time, and forbid core files, which would hold the file."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))

"""Imports packages without their optional parts that Kvitto never uses.

structlog brings rich along for colourful tracebacks, the bot framework cryptography for Telegram
Passport: 11 MB and a fifth of a second together.
"""

from __future__ import annotations

import sys
from importlib import import_module


def import_without(name: str, optional: str) -> None:
    """Import a module as if a package that it can do without were not installed."""
    if name in sys.modules or optional in sys.modules:
        import_module(name)
        return
    sys.modules[optional] = None  # type: ignore[assignment]  # how Python marks a missing module
    try:
        import_module(name)
    finally:
        del sys.modules[optional]

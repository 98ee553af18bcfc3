"""Import packages without their optional parts that Kvitto never uses.

structlog brings rich along for colourful tracebacks, the bot framework cryptography for Telegram
Passport, and the command line of its HTTP client with click, rich and pygments: 15 MB and a third of a
second together. Alembic's templates, which only whoever writes a revision uses, bring pygments as well.
"""

from __future__ import annotations

import sys
from importlib import import_module


def import_without(name: str, *optional: str) -> None:
    """Import a module as if packages that it can do without were not installed."""
    hidden = [package for package in optional if package not in sys.modules]
    for package in hidden if name not in sys.modules else ():
        sys.modules[package] = None  # type: ignore[assignment]  # how Python marks a missing module
    try:
        import_module(name)
    finally:
        for package in hidden:
            sys.modules.pop(package, None)

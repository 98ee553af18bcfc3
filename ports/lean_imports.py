"""Import packages without their optional parts that Kvitto never uses.

structlog brings rich along for colourful tracebacks, the bot framework cryptography for Telegram
Passport, and the command line of its HTTP client with click, rich and pygments: 15 MB and a third of a
second together. Alembic's templates, which only whoever writes a revision uses, bring pygments as well.
SQLAlchemy's package of async engines imports its ORM (8 MB), which its engines never use, and Prometheus'
client the servers of the standard library.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType


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


def import_alone(name: str) -> ModuleType:
    """Import a module of a package without running the package's own `__init__`.

    For packages that import all of their parts at once. The module must not name its package again
    while it is used.
    """
    package = name.rpartition(".")[0]
    specification = find_spec(package)
    if package in sys.modules or specification is None:
        return import_module(name)
    # An empty package, only so that the module is found in it; whoever imports the package later
    # gets all of it.
    sys.modules[package] = module_from_spec(specification)
    try:
        return import_module(name)
    finally:
        del sys.modules[package]

"""Do everything that the bot can do; return values, never text, inside the worker's transaction."""

from __future__ import annotations

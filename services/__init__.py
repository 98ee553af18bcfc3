"""What the bot can do. Services return values, never text; the worker owns the transaction."""

from __future__ import annotations

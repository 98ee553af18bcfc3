"""Keep the memory of a process small, by its allocator and its collector of cycles."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress

GC_OBJECTS = 10_000
"""Objects made since the last look for cycles that are worth the next one (about a megabyte)."""
GC_OBJECTS_STARTING = 200_000
"""The same while the process starts; a start that waits for Telegram for hours must find some."""
_ARENA_MAX = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


def prepare_memory() -> None:
    """Let all threads allocate from one heap, and look for cycles seldom while the process starts.

    Called before the first thread begins. glibc gives each thread a heap of its own, and what one of
    them freed (imports run in threads) serves no other: 5 MB at rest. Only one thread runs Python at a
    time anyway. A start makes a million objects that stay, and looking for cycles among them time and
    again took a tenth of it; `freeze_gc` looks at its end.
    """
    gc.set_threshold(GC_OBJECTS_STARTING, *gc.get_threshold()[1:])
    with suppress(OSError, AttributeError):
        # glibc only; elsewhere there is nothing to call.
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def freeze_gc() -> None:
    """Free the memory of the start, and exempt imported objects from later collections."""
    # What imports know of each folder's files; a later import lists its own folder again.
    sys.path_importer_cache.clear()
    gc.collect()
    # Later collections skip frozen objects, which shortens their pauses.
    gc.freeze()
    # A text makes some thousand objects and nearly no cycles, so Python's own 700 looks several
    # times a text for what it hardly ever finds.
    gc.set_threshold(GC_OBJECTS, *gc.get_threshold()[1:])
    with suppress(OSError, AttributeError):
        # glibc only; elsewhere there is nothing to call.
        ctypes.CDLL(None).malloc_trim(0)

"""Run the bot with traced memory, and write at SIGUSR1 how much each module's import left.

python -m bench.memory.tracing FILE
"""

from __future__ import annotations

import importlib._bootstrap as bootstrap
import signal
import sys
import tracemalloc
from collections import Counter
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_LOAD = "_load_unlocked"
"""Python's own function for one import; no public place sees each begin and end."""


def trace_imports() -> Counter[str]:
    """Count from now on the bytes that each import leaves, without the imports inside it."""
    left: Counter[str] = Counter()
    inner = [0]
    load = getattr(bootstrap, _LOAD)

    def load_counted(spec: ModuleSpec) -> ModuleType:
        before = tracemalloc.get_traced_memory()[0]
        inner.append(0)
        try:
            module: ModuleType = load(spec)
        finally:
            whole = tracemalloc.get_traced_memory()[0] - before
            left[spec.name] += whole - inner.pop()
            inner[-1] += whole
        return module

    setattr(bootstrap, _LOAD, load_counted)
    return left


def main() -> int:
    out = Path(sys.argv[1])
    tracemalloc.start()
    left = trace_imports()

    def write(*_: object) -> None:
        whole = tracemalloc.get_traced_memory()[0]
        rows = [*left.items(), ("(no import: what runs made)", whole - left.total())]
        lines = [f"{size} {name.replace(' ', '_')}" for name, size in rows]
        fresh = out.with_suffix(".new")
        fresh.write_text("\n".join(lines), encoding="utf-8")
        fresh.replace(out)

    signal.signal(signal.SIGUSR1, write)
    from bot.__main__ import main as run  # noqa: PLC0415  # after the tracing began

    return run(["run"])


if __name__ == "__main__":
    sys.exit(main())

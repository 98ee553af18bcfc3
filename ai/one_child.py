"""Run a child process that opens one file and ends."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from ledger.receipt.reading import FileRefusal

_ROOT = Path(__file__).resolve().parent.parent
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")


async def ask_child(module: str, request: bytes, seconds_max: float) -> bytes | FileRefusal:
    """Return what a module writes about a request; a bomb or a crash costs this answer alone.

    The child receives no secrets: its environment holds only the variables that Python needs.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        # No current directory on the path: a module there could shadow one of Kvitto's.
        "-P",
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        | {"PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
    )
    try:
        async with asyncio.timeout(seconds_max):
            answer, _ = await process.communicate(request)
    except TimeoutError:
        return FileRefusal("takes_too_long")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return answer if process.returncode == 0 else FileRefusal("needs_too_much_memory")

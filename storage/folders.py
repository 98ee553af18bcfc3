"""Create folders for data that only their owner may see."""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Create a folder and its missing parents with mode 0700; existing ones keep theirs.

    `Path.mkdir` gives its mode to the last folder only, and the umask decides about the parents.

    Raises:
        OSError: a folder cannot be created.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)

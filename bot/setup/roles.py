"""Parse the roles of a process in a larger installation."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

Role = Literal["intake", "worker", "scheduler", "web"]
ROLES: tuple[Role, ...] = get_args(Role)


def parse_roles(text: str) -> frozenset[Role] | None:
    """Read a comma list of roles; None when one is unknown or none is named."""
    named = {part.strip() for part in text.split(",") if part.strip()}
    found = frozenset(role for role in ROLES if role in named)
    return found if found and len(found) == len(named) else None


def find_lock(database_url: str, role: Role) -> Path | None:
    """Return the lock of a role on a SQLite file; a server's processes share by other means."""
    if not database_url.startswith("sqlite:///"):
        return None
    path = Path(database_url.removeprefix("sqlite:///"))
    return path.with_name(f"{path.name}.{role}.lock")

"""Define the layout of a file, which is remembered for every file with the same header."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_FINGERPRINT_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file and the notation of its dates and amounts."""

    roles: tuple[str, ...]
    """Role of each column (`columns.Role`), an empty text for a column that is not read."""
    day_order: str
    """A `DayOrder`."""
    decimal: str
    """Decimal separator, a point or a comma."""
    sign: str
    """A `SignRule`."""
    chosen: tuple[str, ...] = ()
    """Properties that a person decided; they win over what the next file lets guess."""
    with_fee: bool = False
    """The fee in a column of its own is added to the amount."""

    def to_json(self) -> dict[str, Any]:
        """Return the layout as plain values."""
        return {**asdict(self), "roles": list(self.roles), "chosen": list(self.chosen)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Layout:
        """Build the layout that `to_json` wrote."""
        roles, chosen = tuple(values["roles"]), tuple(values.get("chosen", ()))
        return cls(**{**values, "roles": roles, "chosen": chosen})


def find_fingerprint(header: Sequence[str]) -> str:
    """Return a short name of a header, equal for all files with the same column names."""
    joined = "\x1f".join(" ".join(cell.casefold().split()) for cell in header)
    return hashlib.sha256(joined.encode()).hexdigest()[:_FINGERPRINT_LENGTH]

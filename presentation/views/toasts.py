"""Answer a button press at once by a toast of plain text, at most 200 characters.

Ids: `done`, `deleted`, `restored`, `filed` (category), `moved` (day), `not_yours`, `gone`,
`expired`, `answered`, `saved`, `nothing`, `sending`, `failed`, `unknown`.
"""

from __future__ import annotations

from presentation.localizer import Localizer, Value
from presentation.markup import TOAST_MAX, shorten


def toast(name: str, t: Localizer, **values: Value) -> str:
    """Return the short notice of this name."""
    return shorten(t.plain(f"toast.{name}", **values), TOAST_MAX)

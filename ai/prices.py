"""Look up prices of paid readers in `prices.toml`, and compute the cost of a call.

A dollar per million tokens is a millionth of a dollar per token, so prices of tokens are costs in
`_micros` without conversion. Costs are rounded up.
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from ports.spending import MICROS

TEXTRACT = "textract"
_UNKNOWN = "unknown"
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens read and written, per minute of speech, per page."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    minute: Decimal = Decimal(0)
    page: Decimal = Decimal(0)

    def tokens(self, read: int, written: int) -> int:
        """Return the cost of tokens, in millionths of a dollar."""
        return _up(self.input * read + self.output * written)

    def speech(self, seconds: float) -> int:
        """Return the cost of transcribing a recording."""
        return _up(self.minute * Decimal(str(seconds)) / _SECONDS * MICROS)

    def pages(self, count: int) -> int:
        """Return the cost of pages."""
        return _up(self.page * count * MICROS)


FREE = Price()


def price_of(model: str, base_url: str = "") -> Price:
    """Return a model's price, looked up by its name, else by its longest known prefix."""
    if base_url and _is_near(base_url):
        return FREE
    known = _load()
    # A dated name ("gpt-5.4-mini-2026-10-01") costs what its family costs.
    names = [name for name in known if model == name or model.startswith(f"{name}-")]
    return known[max(names, key=len)] if names else known[_UNKNOWN]


def count_tokens(text: str) -> int:
    """Return an upper bound of a text's tokens, one for every three bytes."""
    return len(text.encode("utf-8", "replace")) // 3 + 1


def _is_near(base_url: str) -> bool:
    """Return whether a server runs on this machine or in a private network."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal"))


def _up(micros: Decimal) -> int:
    return int(micros.to_integral_value(ROUND_CEILING))


@cache
def _load() -> dict[str, Price]:
    text = resources.files(__package__).joinpath("prices.toml").read_text("utf-8")
    return {
        name: Price(**{unit: Decimal(dollars) for unit, dollars in fields.items()})
        for name, fields in tomllib.loads(text).items()
    }

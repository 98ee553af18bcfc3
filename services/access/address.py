"""Define where people and programs reach the installation over HTTP."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteAddress:
    """The addresses of the site, without a slash at their end."""

    public: str = ""
    """From everywhere (`PUBLIC_URL`); empty: people cannot reach it."""
    local: str = ""
    """From this machine."""

    app: str = ""
    """The dashboard as Telegram opens it inside itself; empty where it would refuse to."""

    @property
    def api(self) -> str:
        """Return where programs reach the API."""
        return self.public or self.local

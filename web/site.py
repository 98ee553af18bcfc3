"""Hold what the page and the API need of the installation, and hand it to their routes.

The listener opens before the database, so that probes see a slow start. Until the rest is open,
`backend_of` refuses with 503.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from ledger.errors import LoginRefusedError, UnavailableError
from ledger.rate_limits import Buckets, Policy
from ports.access import Caller
from ports.blobs import Blobs
from ports.documents import DocumentWriter
from ports.programs.webhooks import AddressRule
from ports.repositories import Repositories
from ports.units import UnitOfWork, UnitOfWorkFactory
from services.access.init_data import InitDataKeys
from web.api.keys import KeysInWork
from web.concurrency import ConcurrencyLimit
from web.failures import Failures
from web.page.parts import PageParts

if TYPE_CHECKING:
    from services.bundle import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backend:
    """The installation as HTTP sees it."""

    units: UnitOfWorkFactory
    services: Services
    keys: InitDataKeys
    clock: Callable[[], datetime]
    blobs: Blobs
    documents: DocumentWriter
    wake: Callable[[], None]
    """Tells sender and jobs that a commit may have left work for them."""
    webhook_rule: AddressRule = field(default_factory=AddressRule)
    allowed_users: frozenset[int] = frozenset()
    """Empty for everyone."""

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run read-only work on one snapshot. It must not call methods that lock."""
        return await self.units.read(work)

    async def write(
        self, work: Callable[[Repositories], T], tell: Callable[[UnitOfWork, T], None] | None = None
    ) -> T:
        """Run work in a unit of its own and commit it; an error of the work rolls it back.

        `tell` may queue messages and jobs for the same commit.
        """
        async with self.units.open(now=self.clock()) as unit:
            result = await unit.run(work)
            if tell is not None:
                tell(unit, result)
        self.wake()
        return result

    def require_invited(self, user_id: int) -> None:
        """Refuse whom this installation does not serve. Raises `LoginRefusedError`."""
        if self.allowed_users and user_id not in self.allowed_users:
            raise LoginRefusedError("login_not_invited")


BY_CALLER = Policy("caller", quota=600, window_seconds=6)
"""A busy page asks ten times a second; a program that loads a ledger stays below a hundred."""
BY_ADDRESS = Policy("address", quota=3000, window_seconds=10)
"""Higher, because a household, an office or a proxy is one address."""


@dataclass(slots=True)
class Limits:
    """The limits of one process."""

    by_caller: Buckets = field(default_factory=lambda: Buckets(BY_CALLER))
    by_address: Buckets = field(default_factory=lambda: Buckets(BY_ADDRESS))


@dataclass(slots=True)
class Site:
    """The page and the API of one process."""

    public_url: str = ""
    """The address from outside, empty where it is not known."""
    page: PageParts | None = None
    """None where the dashboard is not served."""
    backend: Backend | None = None
    """None while the process starts and stops."""
    failures: Failures = field(default_factory=Failures)
    """Refused logins by address."""
    limits: Limits = field(default_factory=Limits)
    """Requests by caller and by address."""
    concurrency: ConcurrencyLimit = field(default_factory=ConcurrencyLimit)
    """Requests in work by client."""
    keys: KeysInWork = field(default_factory=KeysInWork)
    """Calls in work by their Idempotency-Key."""


SITE: web.AppKey[Site] = web.AppKey("site", Site)
CALLER: web.RequestKey[Caller] = web.RequestKey("caller", Caller)
"""Where a request keeps its caller, once proven."""


def backend_of(request: web.Request) -> Backend:
    """Return the installation. Raises `UnavailableError` (`not_open`)."""
    backend = request.app[SITE].backend
    if backend is None:
        raise UnavailableError("not_open")
    return backend

"""Build the services from settings and plugs, without Telegram.

Handlers, the scheduler and HTTP are all given these same services.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from email.utils import parseaddr

from bot.setup.external_ai import ai_policy_of
from bot.setup.settings import Settings
from ledger.text.vocabulary import vocabulary_of
from ports.categorising import Categoriser
from ports.mail import MailOffer
from ports.rates import Rates
from services import bundle
from services.access.address import SiteAddress
from services.bundle import Services
from services.entering import InstallationDefaults
from services.mail.addresses import MailDesk
from services.rates.stored import StoredRates


@dataclass(frozen=True, slots=True)
class ServicePlugs:
    """The plugs that services are built from."""

    categoriser: Categoriser
    rates: Rates = field(default_factory=StoredRates)


def build_services(settings: Settings, plugs: ServicePlugs) -> Services:
    """Build all services of an installation."""
    services = bundle.build_services(
        plugs.categoriser,
        InstallationDefaults(
            currency=settings.default_currency,
            timezone=settings.default_timezone,
            language=settings.default_language,
        ),
        ai_policy=ai_policy_of(settings),
        rates=plugs.rates,
        site=SiteAddress(
            settings.public_url,
            f"http://{settings.http_host}:{settings.http_port}",
            settings.app_url,
        ),
    )
    receipts_to = parseaddr(settings.imap_address)[1] if settings.imap_url else ""
    offer = MailOffer(sends=settings.smtp_url is not None, receipts_to=receipts_to)
    return replace(services, mail=MailDesk(offer))


async def load_models(plugs: ServicePlugs) -> None:
    """Read word packs and model in a thread, because a unit that reads them would block the others."""
    await asyncio.to_thread(_load, plugs)


def _load(plugs: ServicePlugs) -> None:
    vocabulary_of("en")
    plugs.categoriser.guess("coffee")

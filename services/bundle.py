"""Build all services of one installation once, from the plugs that wiring chose."""

from __future__ import annotations

from dataclasses import dataclass, field

from ports.categorising import Categoriser
from ports.rates import Rates
from services.access.address import SiteAddress
from services.access.links import DashboardLinks
from services.access.presence import PresenceChecks
from services.access.tokens import ApiTokens
from services.ai_policy import AiPolicy
from services.categories.categorising import Categorisation
from services.categories.memories import Memories
from services.conversion import Conversion
from services.entering import Entering, InstallationDefaults
from services.entries.booking import Booking
from services.entries.corrections import Corrections
from services.entries.direct import DirectEntries
from services.entries.history import History
from services.entries.repeating import Repeating
from services.entries.rewriting import Rewriting
from services.forget import Forgetting
from services.inquiries.answering import Inquiries
from services.insights.wording import Insights
from services.mail.addresses import MailDesk
from services.merging import Merging
from services.preferences import Preferences
from services.quotas import ExportQuota, MessageQuotas
from services.rates.own import OwnRates
from services.rates.recounting import Recounting
from services.rates.stored import StoredRates
from services.receipts.capturing import Receipts
from services.receipts.pacing import ReceiptPacing
from services.receipts.recaptioning import Recaptioning
from services.recurring.amounts import SeriesEntries
from services.recurring.direct import DirectSeries
from services.recurring.due import DueSeries
from services.recurring.feeds import CalendarLinks
from services.recurring.series import AllSeries
from services.restating import Restating
from services.texts.capture import Capture
from services.texts.conversation import Conversation
from services.texts.edits import Edits
from services.texts.plain_commands import PlainCommands
from services.texts.questions import Questions


@dataclass(frozen=True, slots=True)
class Services:
    """The services that keep a plug or a cache; the others are plain functions."""

    entering: Entering
    categorisation: Categorisation
    capture: Capture
    conversation: Conversation
    corrections: Corrections
    direct: DirectEntries
    direct_series: DirectSeries
    edits: Edits
    forgetting: Forgetting
    history: History
    inquiries: Inquiries
    merging: Merging
    preferences: Preferences
    questions: Questions
    recaptioning: Recaptioning
    rates: OwnRates
    receipts: Receipts
    repeating: Repeating
    series: AllSeries
    series_entries: SeriesEntries
    ai_policy: AiPolicy
    calendar_links: CalendarLinks
    api_tokens: ApiTokens
    dashboard_links: DashboardLinks
    insights: Insights
    mail: MailDesk = field(default_factory=MailDesk)
    """Offers no mail unless the installation is set up for it."""
    presence_checks: PresenceChecks = field(default_factory=PresenceChecks)
    message_quotas: MessageQuotas = field(default_factory=MessageQuotas)
    export_quota: ExportQuota = field(default_factory=ExportQuota)
    receipt_pacing: ReceiptPacing = field(default_factory=ReceiptPacing)


def build_services(
    categoriser: Categoriser,
    defaults: InstallationDefaults,
    *,
    ai_policy: AiPolicy | None = None,
    rates: Rates | None = None,
    site: SiteAddress = SiteAddress(),  # noqa: B008  # frozen
) -> Services:
    """Wire the services to each other; without `ai_policy` nothing leaves the machine."""
    policy = ai_policy or AiPolicy()
    memories, conversion = Memories(categoriser), Conversion(rates or StoredRates())
    restating = Restating(conversion)
    preferences = Preferences(restating)
    booking = Booking(Categorisation(categoriser, memories), conversion)
    questions = Questions(booking)
    capture, corrections = Capture(booking, questions), Corrections(booking)
    own_rates = OwnRates(Recounting(conversion), booking)
    history = History(memories, booking, restating, own_rates)
    series = AllSeries(capture, DueSeries(booking))
    direct = DirectEntries(booking, corrections)
    commands = PlainCommands(history, corrections)
    inquiries = Inquiries(booking.categorisation)
    conversation = Conversation(capture, corrections, questions, commands, own_rates, inquiries)
    rewriting, receipts = Rewriting(booking), Receipts(booking, questions)
    return Services(
        entering=Entering(defaults),
        categorisation=booking.categorisation,
        capture=capture,
        conversation=conversation,
        corrections=corrections,
        direct=direct,
        direct_series=DirectSeries(series, direct),
        edits=Edits(conversation, rewriting),
        forgetting=Forgetting(memories),
        history=history,
        inquiries=inquiries,
        merging=Merging(restating),
        preferences=preferences,
        questions=questions,
        recaptioning=Recaptioning(receipts, rewriting),
        receipts=receipts,
        repeating=Repeating(booking),
        rates=own_rates,
        series=series,
        series_entries=SeriesEntries(series, series.due),
        ai_policy=policy,
        calendar_links=CalendarLinks(site.public),
        api_tokens=ApiTokens(site.api),
        dashboard_links=DashboardLinks(site.public, site.app),
        insights=Insights(preferences, policy),
    )

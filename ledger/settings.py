"""Define the settings of a ledger, and guess those of a new chat."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from ledger.money import Money, is_currency
from ledger.periods.period import Calendar, MonthDay, Period, RecurringKind

Per = Literal[RecurringKind, "trip"]
"""The kinds of periods that a budget may have."""
PushKind = Literal["weekly", "monthly", "nudge"]
PUSH_KINDS: tuple[PushKind, ...] = ("weekly", "monthly", "nudge")


@dataclass(frozen=True, slots=True)
class OwnCategory:
    """A category that the chat added, or a default one that it renamed or hid."""

    id: str
    name: str
    emoji: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one ledger. Monday is weekday 0; hours are local, 0 to 23."""

    currency: str
    timezone: str
    language: str
    """BCP 47, possibly with a region (`pt-BR`)."""
    week_start: int = 0
    month_start: int = 1
    """1 to 31; a month without that day starts on its last one."""
    month_workday: bool = False
    """A month that would start on a weekend starts on the Friday before."""
    fortnight_start: str = ""
    """The first day of any fortnight as ISO text; empty: fortnights follow the weeks."""
    quarter_start: str = ""
    """`MM-DD`, the first day of any quarter; empty: quarters follow the year."""
    year_start: str = "01-01"
    """`MM-DD`, the first day of a year."""
    trip: str = ""
    """First and last day of the trip to report on, as `2026-12-03/2026-12-14`; empty: none."""
    weekly_on: bool = True
    weekly_day: int = 6
    weekly_hour: int = 18
    monthly_on: bool = True
    monthly_hour: int = 9
    nudge_on: bool = False
    """Ask once a day for what was spent, unless something was booked that day."""
    nudge_hour: int = 20
    quiet_hours: tuple[int, ...] = ()
    """First and last hour between which pushes wait; the last one is not quiet. Empty: never."""
    paused_until: str = ""
    """ISO day until whose morning pushes wait; empty or past: they do not."""
    card_on: bool = False
    """Keep one pinned message with what is left."""
    alert_percents: tuple[int, ...] = (80, 100)
    """Rising shares of a budget at which an alert is sent; empty: none."""
    alert_amounts: tuple[Money, ...] = ()
    """Rising sums at which an alert is sent, for budgets in their currency."""
    alert_after_income: bool = True
    """Keep alerts back until a period's first income, where the period before had some."""
    show_today: bool = False
    """Show on a card what is spent that day so far."""
    local_only: bool = False
    """Never send this chat's photos or words to a cloud reader."""
    thousands: bool | None = None
    """True when sums below the smallest coin mean thousands; None before the question."""
    insights_prompt: str = ""
    """The chat's instruction by which a model phrases insights; empty: it does not."""
    set_up: bool = False
    """True after a person went through (or skipped) the three onboarding taps."""
    categories: tuple[OwnCategory, ...] = ()

    @property
    def calendar(self) -> Calendar:
        """Return the rules by which the ledger's periods begin."""
        return Calendar(
            week_start=self.week_start,
            month_start=self.month_start,
            month_workday=self.month_workday,
            fortnight_start=(
                date.fromisoformat(self.fortnight_start) if self.fortnight_start else None
            ),
            quarter_start=parse_month_day(self.quarter_start) if self.quarter_start else None,
            year_start=parse_month_day(self.year_start),
            trips=(parse_trip(self.trip),) if self.trip else (),
        )


def parse_month_day(text: str) -> MonthDay:
    """Return the month and day of `MM-DD`. Raises `ValueError` for any other text."""
    # A leap year, because 29 February may begin a year.
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day


def parse_trip(text: str) -> Period:
    """Return the days of `2026-12-03/2026-12-14`. Raises `ValueError` for any other text."""
    first, _, last = text.partition("/")
    start, end = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    if not start < end:
        raise ValueError(text)
    return Period(start, end, "trip")


def write_trip(first: date, last: date) -> str:
    """Return the days of a trip as a setting keeps them."""
    return f"{first.isoformat()}/{last.isoformat()}"


# Languages that one country uses: the currency can be told from the language alone
# (see the setting DEFAULT_CURRENCY).
_BY_LANGUAGE = {
    "pl": "PLN",
    "uk": "UAH",
    "tr": "TRY",
    "ja": "JPY",
    "zh": "CNY",
    "hi": "INR",
    "ru": "RUB",
}

# ISO 3166 region -> ISO 4217 currency, for language tags that carry a region. Euro countries are
# listed once below.
_BY_REGION = {
    "US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "NZ": "NZD", "IN": "INR", "JP": "JPY",
    "CN": "CNY", "TW": "TWD", "HK": "HKD", "SG": "SGD", "MY": "MYR", "TH": "THB", "ID": "IDR",
    "PH": "PHP", "VN": "VND", "KR": "KRW", "BR": "BRL", "MX": "MXN", "AR": "ARS", "CL": "CLP",
    "CO": "COP", "PE": "PEN", "UY": "UYU", "CH": "CHF", "LI": "CHF", "SE": "SEK", "NO": "NOK",
    "DK": "DKK", "IS": "ISK", "PL": "PLN", "CZ": "CZK", "HU": "HUF", "RO": "RON", "UA": "UAH",
    "RU": "RUB", "BY": "BYN", "KZ": "KZT", "TR": "TRY", "IL": "ILS", "AE": "AED", "SA": "SAR",
    "EG": "EGP", "MA": "MAD", "TN": "TND", "KW": "KWD", "QA": "QAR", "BH": "BHD", "OM": "OMR",
    "JO": "JOD", "ZA": "ZAR", "NG": "NGN", "KE": "KES", "GE": "GEL", "AM": "AMD", "AZ": "AZN",
    "RS": "RSD", "MD": "MDL", "PK": "PKR", "BD": "BDT", "LK": "LKR", "NP": "NPR", "UZ": "UZS",
    "KG": "KGS", "DZ": "DZD", "IQ": "IQD", "LB": "LBP",
}  # fmt: skip
_EURO = frozenset(
    {
        "AD", "AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE",
        "IT", "LT", "LU", "LV", "MC", "MT", "NL", "PT", "SI", "SK", "SM", "VA",
    }
)  # fmt: skip


def guess_currency(language: str, default: str) -> str:
    """Guess a chat's currency from a language tag: by region, else by language, else the default.

    `en-GB` gives GBP and `pl` gives PLN, but `en` alone gives the default.
    """
    primary, _, rest = language.replace("_", "-").partition("-")
    region = next((part.upper() for part in rest.split("-") if len(part) == 2), "")  # noqa: PLR2004
    if region in _EURO:
        return "EUR"
    found = _BY_REGION.get(region) or _BY_LANGUAGE.get(primary.lower())
    return found if found and is_currency(found) else default


def guess_settings(language: str | None, *, currency: str, timezone: str, default: str) -> Settings:
    """Build the settings of a new chat, so that its first entry is never refused."""
    tag = language or default
    return Settings(currency=guess_currency(tag, currency), timezone=timezone, language=tag)


def settings_fields(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON, for storage and for history."""
    fields = asdict(settings)
    fields["alert_percents"] = list(settings.alert_percents)
    fields["quiet_hours"] = list(settings.quiet_hours)
    fields["alert_amounts"] = [[money.minor, money.currency] for money in settings.alert_amounts]
    fields["categories"] = [asdict(own) for own in settings.categories]
    return fields


def with_settings_fields(settings: Settings, fields: dict[str, Any]) -> Settings:
    """Return settings with these JSON fields written over them; unknown names are passed over."""
    known = {name: value for name, value in fields.items() if name in Settings.__slots__}
    if "alert_percents" in known:
        known["alert_percents"] = tuple(known["alert_percents"])
    if "quiet_hours" in known:
        known["quiet_hours"] = tuple(known["quiet_hours"])
    if "alert_amounts" in known:
        known["alert_amounts"] = tuple(Money.of_minor(*pair) for pair in known["alert_amounts"])
    if "categories" in known:
        known["categories"] = tuple(OwnCategory(**own) for own in known["categories"])
    return replace(settings, **known)

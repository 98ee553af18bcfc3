"""Write the addresses of the page's views, and read the filters in them.

All state of a view is in its address, as Telegram's web clients load a page again at any time. A filter is
written with the names that the API has too: `from` and `to` (both days belong to it), `type`, `category`,
`tag`, `member`, `merchant`, `least` and `most` (minor units of `currency`), and `q` for words. `without` holds
such fields again, of entries that are left out.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, get_args
from urllib.parse import parse_qsl, urlencode

from ledger.budgets.scopes import categories_of
from ledger.categories import GROUPS
from ledger.entries.entry import EntryType
from ledger.entries.queries import AmountRange, Cursor, EntryFilter
from ledger.errors import InputError
from ledger.money import is_currency
from ledger.periods.period import Calendar, Period, RecurringKind
from ledger.settings import Settings

ROOT = "/app"
LEDGER = ROOT + "/{ledger:[0-9A-Za-z_-]{1,64}}"
"""The pattern of a ledger's address."""
ENTRY = LEDGER + "/entries/{entry:[0-9A-Za-z_-]{1,64}}"
_START_PARAM_MAX = 512
_PLACE = re.compile(r"[0-9a-z]{1,40}(/entries(/[0-9a-z]{1,40})?|/recurring)?(\?[^#\s]*)?")
"""The part of an address behind `/app/` that a start parameter may hold."""
_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
"""Years beyond these are not those of a ledger, and their neighbours may not exist."""
_WORDS_MAX = 200
_WITHOUT_MAX = 10
_VALUES_MAX = 50
"""Values of one name, of which a view writes some dozen at most."""


class Query(Protocol):
    """The part of an address behind its `?`."""

    def get(self, key: str, default: str, /) -> str:
        """Return the first value of a name, or the default."""

    def getall(self, key: str, default: list[str], /) -> list[str]:
        """Return every value of a name, or the default."""


@dataclass(frozen=True, slots=True)
class _Fields:
    """Holds the fields of a filter within another one."""

    pairs: list[tuple[str, str]]

    def get(self, key: str, default: str, /) -> str:
        """Return the first value of a name, or the default."""
        return next(iter(self.getall(key, [])), default)

    def getall(self, key: str, default: list[str], /) -> list[str]:
        """Return every value of a name, or the default."""
        return [value for name, value in self.pairs if name == key] or default


@dataclass(frozen=True, slots=True)
class Links:
    """Writes the addresses of one ledger's views."""

    key: str
    """The ledger's opaque id for the outside."""

    @property
    def base(self) -> str:
        """Return the address of the first view."""
        return f"{ROOT}/{self.key}"

    def overview(self, period: Period | None = None) -> str:
        """Return the address of a period; of the running month without one."""
        return self.base + _question(_period_fields(period) if period else [])

    def entries(self, which: EntryFilter, after: Cursor | None = None) -> str:
        """Return the address of the entries that a filter lets through, behind a cursor."""
        fields = filter_fields(which)
        if after is not None:
            fields.append(("after", f"{after.spent_on.isoformat()}.{after.entry_id}"))
        return f"{self.base}/entries{_question(fields)}"

    def totals(self, which: EntryFilter) -> str:
        """Return the address where the sums of a filter are shown."""
        return self.entries(which) if which.is_narrow else self.overview(which.period)

    def entry(self, entry_id: str) -> str:
        """Return the address of one entry."""
        return f"{self.base}/entries/{entry_id}"

    def picture(self, receipt_id: str) -> str:
        """Return the address of a receipt's picture."""
        return f"{self.base}/receipts/{receipt_id}/image"

    def action(self, name: str, entry_id: str = "") -> str:
        """Return the address that a form posts to."""
        return f"{self.entry(entry_id)}/{name}" if entry_id else f"{self.base}/{name}"

    @property
    def recurring(self) -> str:
        """Return the address of what comes again."""
        return f"{self.base}/recurring"


def start_param_of(address: str) -> str:
    """Return the start parameter that opens an address; of its ledger alone where it is too long."""
    place = address.removeprefix(f"{ROOT}/")
    for one in (place, place.partition("?")[0], place.partition("/")[0]):
        written = base64.urlsafe_b64encode(one.encode()).decode().rstrip("=")
        if len(written) <= _START_PARAM_MAX:
            return written
    return ""


def address_of(start_param: str) -> str | None:
    """Return the address that a start parameter opens, None where Kvitto made no such parameter."""
    padded = start_param + "=" * (-len(start_param) % 4)
    try:
        place = base64.urlsafe_b64decode(padded.encode("ascii")).decode()
    except (binascii.Error, UnicodeError):
        return None
    return f"{ROOT}/{place}" if _PLACE.fullmatch(place) else None


def filter_fields(which: EntryFilter) -> list[tuple[str, str]]:
    """Return the fields of a filter in the order in which they are written."""
    fields = _period_fields(which.period) if which.period else []
    fields += [("type", which.type)] if which.type else []
    # A group is written by its name, so that a filter is shown as it was asked for.
    fields += [("category", one) for one in which.scopes or which.categories]
    fields += [("tag", one) for one in which.tags]
    fields += [("member", str(which.paid_by))] if which.paid_by is not None else []
    fields += [("merchant", which.merchant)] if which.merchant else []
    if which.amounts:
        ends = (("least", which.amounts.least_minor), ("most", which.amounts.most_minor))
        fields += [(name, str(minor)) for name, minor in ends if minor is not None]
        fields.append(("currency", which.amounts.currency))
    fields += [("q", which.words)] if which.words else []
    fields += [("whole_words", "1")] if which.whole_words else []
    return fields + [("without", urlencode(filter_fields(one))) for one in which.without]


def read_filter_fields(query: Query, settings: Settings) -> EntryFilter:
    """Return the filter of an address, all but its words `q`.

    Raises:
        InputError: `page_address`, where a field cannot be read.
    """
    scopes = _read_texts(query, "category")
    own = settings.categories
    categories = tuple(
        dict.fromkeys(
            id_ for one in scopes for id_ in (categories_of(one, own) if one in GROUPS else (one,))
        )
    )
    kind = query.get("type", "")
    if kind and kind not in get_args(EntryType):
        raise InputError("page_address", field="type")
    return EntryFilter(
        period=read_period_fields(query, settings.calendar),
        type=kind or None,  # type: ignore[arg-type]
        categories=categories,
        scopes=scopes,
        tags=tuple(tag.lstrip("#") for tag in _read_texts(query, "tag")),
        merchant=next(iter(_read_texts(query, "merchant")), ""),
        paid_by=_read_number(query, "member"),
        amounts=_read_amounts(query, settings),
        whole_words=query.get("whole_words", "") == "1",
        without=tuple(_read_without(one, settings) for one in _list_without(query)),
    )


def _list_without(query: Query) -> list[str]:
    found = query.getall("without", [])
    if len(found) > _WITHOUT_MAX:
        raise InputError("page_address", field="without")
    return found


def _read_without(text: str, settings: Settings) -> EntryFilter:
    """Return the filter of entries that are left out; inside of it `q` is nothing but words."""
    # What is left out leaves out nothing itself.
    query = _Fields([pair for pair in parse_qsl(text) if pair[0] != "without"])
    which = read_filter_fields(query, settings)
    return replace(which, words=query.get("q", "")[:_WORDS_MAX])


def read_period_fields(query: Query, calendar: Calendar) -> Period | None:
    """Return the period of an address, of a kind where the calendar has one of these days.

    Raises:
        InputError: `page_address`.
    """
    if not (query.get("from", "") or query.get("to", "")):
        return None
    first, last = _read_day(query, "from"), _read_day(query, "to")
    if last < first:
        raise InputError("page_address", field="to")
    kinds: tuple[RecurringKind, ...] = ("day", "week", "month", "quarter", "year", "fortnight")
    for kind in kinds:
        period = calendar.of(kind, first)
        if (period.start, period.last) == (first, last):
            return period
    trips = [one for one in calendar.trips if (one.start, one.last) == (first, last)]
    return trips[0] if trips else Period(first, last + _DAY, "custom")


def read_cursor(query: Query) -> Cursor | None:
    """Return the entry behind which a page begins. Raises `InputError`."""
    day, _, entry_id = query.get("after", "").partition(".")
    if not day:
        return None
    if not (entry_id.isascii() and entry_id.isalnum()):
        raise InputError("page_address", field="after")
    return Cursor(_parse_day(day, "after"), entry_id)


def _period_fields(period: Period) -> list[tuple[str, str]]:
    return [("from", period.start.isoformat()), ("to", period.last.isoformat())]


def _question(fields: list[tuple[str, str]]) -> str:
    return f"?{urlencode(fields)}" if fields else ""


def _read_day(query: Query, name: str) -> date:
    return _parse_day(query.get(name, ""), name)


def _parse_day(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError("page_address", field=name) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise InputError("page_address", field=name)
    return day


def _read_texts(query: Query, name: str) -> tuple[str, ...]:
    """Return the values of a name, each once and cut to the length of a text."""
    given = [one[:_WORDS_MAX] for one in query.getall(name, []) if one]
    # Each value is a condition of its own, of which SQLite takes a thousand, and a database has no
    # place for control characters.
    if len(given) > _VALUES_MAX or not all(one.isprintable() for one in given):
        raise InputError("page_address", field=name)
    return tuple(dict.fromkeys(given))


def _read_number(query: Query, name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise InputError("page_address", field=name)
    return int(text)


def _read_amounts(query: Query, settings: Settings) -> AmountRange | None:
    least, most = _read_number(query, "least"), _read_number(query, "most")
    if least is None and most is None and not query.get("currency", ""):
        return None
    currency = query.get("currency", settings.currency)
    if not is_currency(currency):
        raise InputError("page_address", field="currency")
    return AmountRange(least, most, currency)

"""Write texts, money and dates for one chat, in its language, currency and own names.

`t("captured.more", n=3)` is a text of the catalogue as Telegram HTML; whatever is put into it is
escaped unless it is `Html`. `t.plain(…)` is the same for places that take no markup (buttons,
toasts). Integers and decimals are written in the chat's manner, `Money` with its currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from ledger.categories import GROUPS, IDS, SYSTEM, find_category
from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.periods.period import Period
from ledger.rates.values import CurrencyPair
from ledger.settings import OwnCategory, Settings
from presentation import format as form
from presentation.markup import EMPTY, LABEL_MAX, NOTE_MAX, Html, escape, foreign, shorten, visible
from presentation.translations import FALLBACK, Translations, find_text, translations_for

Value = str | int | Decimal | Money
CATEGORY_NAME_MAX = 40
_SMALL_RATE = Decimal("0.01")
_NO_EMOJI = "🏷"
_NAMED_KINDS = frozenset({"fortnight", "month", "quarter", "year", "trip"})
"""Kinds of periods that their dates alone do not tell; a week is named by its days."""


class _Shown(dict[str, Html]):
    """Values for the placeholders; one that a service forgot leaves a gap, not a lost answer."""

    def __missing__(self, name: str) -> Html:
        return Html("…")


def _one_stop(text: str, shown: dict[str, Html]) -> str:
    """Drop the full stop behind a value that brings one itself, as German dates do."""
    for name, value in shown.items():
        if value.endswith("."):
            for closing in ("", "</b>"):
                text = text.replace(f"{{{name}}}{closing}.", f"{{{name}}}{closing}")
    return text


@dataclass(frozen=True, slots=True)
class Localizer:
    """Words and formats of one chat; callers pass the current day."""

    settings: Settings
    words: Translations
    own: dict[str, OwnCategory]

    def __call__(self, message_id: str, n: int | None = None, /, **values: Value) -> Html:
        """Return a text of the catalogue as HTML; `n` chooses the plural form and is `{n}`."""
        if not values and n is None:
            text = self.words.get(message_id)
            return Html(text.format_map(_Shown()) if "{" in text else text)
        # Escaping happens here and only here, so no view can forget it.
        shown = _Shown([(name, escape(self._show(value))) for name, value in values.items()])
        if n is not None:
            shown["n"] = escape(self.number(n))
        return Html(_one_stop(self.words.get(message_id, n), shown).format_map(shown))

    def plain(self, message_id: str, n: int | None = None, /, **values: Value) -> str:
        """Return a text of the catalogue without markup."""
        return visible(self(message_id, n, **values))

    def has(self, message_id: str) -> bool:
        """Return whether the catalogue has a text."""
        return self.words.find(message_id) is not None

    def first(self, message_ids: Sequence[str], n: int | None = None, /, **values: Value) -> Html:
        """Return the first of several texts that the catalogue has; it must have the last."""
        known = (message_id for message_id in message_ids if self.has(message_id))
        return self(next(known, message_ids[-1]), n, **values)

    def _show(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Money):
            return self.money(value)
        return self.number(value)

    @property
    def currency(self) -> str:
        """Return the code of the chat's own currency."""
        return self.settings.currency

    @property
    def language(self) -> str:
        """Return the language of dates, lists and names: the one that the texts are in."""
        return _language_of(self.settings.language, self.words.own.language)

    @property
    def figures(self) -> str:
        """Return the language of amounts and numbers: the chat's, whatever texts are in."""
        return _figures_of(self.settings.language, self.words.own.language)

    def money(self, money: Money, *, plus: bool = False) -> str:
        """Write an amount with its currency."""
        return form.write_money(money, self.figures, self.currency, plus=plus)

    def amount(self, entry: Entry) -> str:
        """Write an entry's amount as typed; income carries a plus."""
        return self.money(entry.money, plus=entry.type == "income")

    def number(self, number: Decimal | int) -> str:
        """Write a plain number."""
        return form.write_number(number, self.figures, self.currency)

    def rate(self, pair: CurrencyPair, value: Decimal) -> str:
        """Write a rate, in the direction that is easier to read: `1 USD = 0.8951 EUR`."""
        source, target = pair
        if value < _SMALL_RATE:
            (source, target), value = pair.reversed, 1 / value
        shown = form.write_rate(value, self.figures, self.currency)
        return f"1 {source} = {shown} {target}"

    def percent(self, share: Decimal) -> str:
        """Write a share (1 is all) in whole percents."""
        return form.write_percent(share, self.language, self.currency)

    def change(self, change: Decimal | None) -> str:
        """Write a change as a fraction; nothing where there was nothing to compare with."""
        if change is None:
            return ""
        return form.write_change(change, self.language, self.currency)

    def day(self, on: date, today: date) -> str:
        """Write a day: today, yesterday, `Fri 20 Nov`; the year only where it is not this one."""
        if on == today:
            return self.plain("day.today")
        if on == today - timedelta(days=1):
            return self.plain("day.yesterday")
        return self.dated(on, today)

    def dated(self, on: date, today: date) -> str:
        """Write a date in words with its weekday; the year only where it is not this one."""
        style: form.Style = "day" if on.year == today.year else "day_and_year"
        return form.write_date(on, self.language, self.currency, style)

    def month(self, month: date) -> str:
        """Name a calendar month with its year."""
        return form.write_date(month, self.language, self.currency, "month")

    def days(self, first: date, last: date, today: date) -> str:
        """Write the days from first to last, both meant."""
        year = first.year != today.year or last.year != today.year
        return form.write_days(first, last, self.language, self.currency, year=year)

    def period(self, period: Period, today: date) -> str:
        """Name a period by its kind and dates: `September 2026`, `Pay month 25 Nov – 24 Dec`."""
        dates = self.dates(period, today)
        if period.is_named or period.kind not in _NAMED_KINDS:
            return dates
        return self.plain(f"period.{period.kind}", days=dates)

    def dates(self, period: Period, today: date) -> str:
        """Name a period by its dates alone, as it stands inside a sentence."""
        return form.write_period(period, self.language, self.currency, today=today)

    def weekday(self, weekday: int, width: str = "wide") -> str:
        """Name a weekday; Monday is 0."""
        return form.write_weekday(weekday, self.language, self.currency, width=width)

    def month_name(self, month: int, width: str = "wide") -> str:
        """Name a month, 1 to 12."""
        return form.write_month_name(month, self.language, self.currency, width=width)

    def time(self, hour: int, minute: int = 0) -> str:
        """Write a time of day."""
        return form.write_time(hour, minute, self.language, self.currency)

    def zone(self, zone: str) -> str:
        """Name the city of a time zone."""
        return form.write_zone(zone, self.language, self.currency)

    def language_name(self, code: str, within: str = "") -> str:
        """Name a language, in the chat's own one where none is given."""
        return form.write_language_name(code, within or self.language)

    def listed(self, *parts: str) -> Html:
        """Put parts into one list in words (`a, b and c`)."""
        safe = tuple(escape(part) for part in parts)
        return Html(form.write_list(safe, self.language, self.currency))

    def either(self, *parts: str) -> Html:
        """Put parts into one list of alternatives in words (`a, b or c`)."""
        safe = tuple(escape(part) for part in parts)
        return Html(form.write_list(safe, self.language, self.currency, style="or"))

    def user(self, text: str, units_max: int = NOTE_MAX) -> Html:
        """Make foreign text (a note, a name) safe inside a line of the bot."""
        return escape(foreign(text, units_max)) if text else EMPTY

    def category_name(self, category_id: str) -> str:
        """Name a category as this chat calls it; not escaped."""
        own = self.own.get(category_id)
        if own and own.name:
            return foreign(own.name, CATEGORY_NAME_MAX)
        if find_category(category_id):
            return self.words.get(f"category.{category_id}")
        return foreign(category_id, CATEGORY_NAME_MAX)

    def emoji(self, category_id: str) -> str:
        """Return a category's emoji: the chat's, the language's, else the default one."""
        own = self.own.get(category_id)
        if own and own.emoji:
            return foreign(own.emoji, 8)
        default = find_category(category_id)
        there = self.words.find(f"emoji.{category_id}")
        return there or (default.emoji if default else _NO_EMOJI)

    def category(self, category_id: str) -> str:
        """Return emoji and name of a category, not escaped; an empty id has a text too."""
        if not category_id:
            return self.plain("category.none")
        return f"{self.emoji(category_id)} {self.category_name(category_id)}"

    def scope(self, scope: str, person: str = "") -> str:
        """Name what a budget is over: all spending, a group, a category, a tag or a person.

        The text is not escaped; `person` is the name of the member that a scope means.
        """
        if not scope:
            return self.plain("budget.total")
        if scope.startswith("#"):
            return foreign(scope, CATEGORY_NAME_MAX)
        if scope.startswith("@"):
            return foreign(person or scope, CATEGORY_NAME_MAX)
        if scope in GROUPS:
            return self.plain(f"group.{scope.lower()}")
        return self.category_name(scope)

    def choosable(self, entry_type: str = "expense") -> tuple[str, ...]:
        """List the category ids that are offered: the defaults in order, then the chat's own."""
        spending = [i for i in IDS if i not in SYSTEM and i != "income"]
        defaults = ["income", *spending] if entry_type == "income" else spending
        added = [i for i in self.own if find_category(i) is None]
        return tuple(i for i in (*defaults, *added) if not self._hidden(i))

    def _hidden(self, category_id: str) -> bool:
        own = self.own.get(category_id)
        return own is not None and own.hidden

    def category_names(self) -> dict[str, str]:
        """Map every name by which this chat may call a category to its id, the nearest last.

        English names and ids count in every chat; the chat's own names win.
        """
        # Later names win: ids first, then English, the chat's language, and the chat's own names.
        english = translations_for(FALLBACK)
        ids = [i for i in IDS if i not in SYSTEM]
        names = {i: i for i in ids}
        names |= {english.get(f"category.{i}"): i for i in ids}
        names |= self._typed_names("category", {i: i for i in ids})
        return names | {own.name: own.id for own in self.own.values() if own.name}

    def scope_names(self) -> dict[str, str]:
        """Map every name by which this chat may call a budget's scope: groups, then categories."""
        return self.group_names() | self.category_names()

    def group_names(self) -> dict[str, str]:
        """Map every name by which this chat may call a group of categories; ids count everywhere."""
        names: dict[str, str] = {group: group for group in GROUPS}
        names |= self._typed_names("group", {group.lower(): group for group in GROUPS})
        return names

    def _typed_names(self, kind: str, ids: dict[str, str]) -> dict[str, str]:
        """Map the names of the chat's language to ids, before that language is shown too."""
        named = {name: find_text(self.settings.language, f"{kind}.{name}") for name in ids}
        return {text: ids[name] for name, text in named.items() if text}

    def label(self, text: str) -> str:
        """Bound a button's label."""
        return shorten(text, LABEL_MAX)

    def button(self, message_id: str) -> str:
        """Return the label of a button that is the same in every chat of the language."""
        return _label_of(self.settings.language, message_id)


@lru_cache(maxsize=256)
def _language_of(own: str, spoken: str) -> str:
    # A regional tag (`de-AT`) keeps its formats when texts are in the same language (`de`).
    return own if own.replace("-", "_").lower().startswith(spoken.lower()) else spoken


@lru_cache(maxsize=256)
def _figures_of(own: str, spoken: str) -> str:
    # Amounts of a right-to-left language carry marks that reorder a left-to-right sentence.
    language = _language_of(own, spoken)
    turned = form.is_right_to_left(own) != form.is_right_to_left(language)
    return language if turned else own


@lru_cache(maxsize=1024)
def _label_of(language: str, message_id: str) -> str:
    return shorten(visible(translations_for(language).get(message_id)), LABEL_MAX)


@lru_cache(maxsize=4096)
def localizer_for(settings: Settings) -> Localizer:
    """Return the localizer for these settings; it is cached."""
    # Settings are frozen and hashable, so equal settings of many chats share one localizer.
    own = {category.id: category for category in settings.categories}
    return Localizer(settings, translations_for(settings.language), own)

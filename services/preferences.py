"""Settings of a ledger: set one at a time, checked, recorded so that undo takes them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ledger.days import is_zone
from ledger.errors import InputError
from ledger.money import is_currency
from ledger.settings import Settings, with_settings_fields
from ports.messages import Json
from ports.repositories import Chat, Repositories
from services.booking import converted
from services.history import Recorder, begin
from services.pushes import plan

_WEEKDAYS = range(7)
_HOURS = range(24)
_MONTH_STARTS = (*range(1, 29), 31)
_PERCENTS = range(1, 1000)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Changes settings by name; names are the fields of `Settings`."""

    def change(
        self,
        repositories: Repositories,
        chat: Chat,
        user_id: int,
        changes: dict[str, Json],
        *,
        now: datetime,
    ) -> Settings:
        """Set these fields and plan the pushes anew.

        Raises:
            InputError: A value is out of range (`bad_setting`, with the field's name).
        """
        settings = with_settings_fields(chat.settings, checked(changes))
        if settings == chat.settings:
            return settings
        recorder = begin(repositories, chat, user_id, "settings", now)
        recorder.settings(chat.settings, settings)
        repositories.chats.save_settings(chat.ledger_id, settings, now)
        if settings.currency != chat.settings.currency:
            _restate(repositories, replace(chat, settings=settings), recorder, now)
        recorder.write()
        plan(
            repositories, replace(chat, settings=settings), now, changed=True, before=chat.settings
        )
        return settings


def _restate(repositories: Repositories, chat: Chat, recorder: Recorder, now: datetime) -> None:
    """Give every entry its amount in the ledger's new currency, or none while no rate is known."""
    for before in list(
        repositories.entries.with_wrong_base(chat.ledger_id, chat.settings.currency)
    ):
        base = converted(before.money, chat, before.spent_on)
        after = replace(before, base=base, updated_at=now)
        repositories.entries.save(after)
        recorder.entry(before, after)


def checked(changes: dict[str, Json]) -> dict[str, Json]:
    """Return the changes as they are, or raise `InputError` for the first that cannot be."""
    for name, value in changes.items():
        if not _fits(name, value):
            raise InputError("bad_setting", name=name)
    return changes


def _fits(name: str, value: Json) -> bool:  # noqa: PLR0911 -- one line per setting
    match name:
        case "currency":
            return isinstance(value, str) and is_currency(value)
        case "timezone":
            return isinstance(value, str) and is_zone(value)
        case "language":
            return isinstance(value, str) and value.replace("-", "").isalnum()
        case "week_start" | "weekly_day":
            return value in _WEEKDAYS
        case "month_start":
            return value in _MONTH_STARTS
        case "weekly_hour" | "monthly_hour":
            return value in _HOURS
        case "weekly_on" | "monthly_on" | "local_only" | "set_up":
            return isinstance(value, bool)
        case "alert_percents":
            return isinstance(value, list) and all(percent in _PERCENTS for percent in value)
        case _:
            return False

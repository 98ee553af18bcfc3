"""Write the days of a calendar feed as iCalendar (RFC 5545).

Every day is an all-day date, so it is the same one in each reader's time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from ports.recurring import CalendarDay, FeedContent
from presentation.localizer import Localizer, localizer_for
from presentation.markup import visible
from presentation.views.recurring.lines import rule_words, series_name

_REFRESH = timedelta(hours=6)
_ALARM_AT = timedelta(hours=9)
"""The hour at which the chat is reminded too."""


def write_calendar(content: FeedContent) -> bytes:
    """Return the text of a feed; it is the same all day while nothing changes."""
    t = localizer_for(content.settings)
    calendar = Calendar()
    calendar.add("prodid", "-//Kvitto//Kvitto//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = t.plain("calendar.name", title=content.title)
    # Apple and Google read the older names, RFC 7986 defines the newer ones.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    stamp = datetime.combine(content.today, time(), UTC)
    for day in content.days:
        calendar.add_component(_event(day, stamp, t))
    written: bytes = calendar.to_ical()
    return written


def _event(day: CalendarDay, stamp: datetime, t: Localizer) -> Event:
    event = Event()
    event.add("uid", f"{day.series.id}-{day.nominal:%Y%m%d}-{_part(day)}@kvitto")
    event.add("dtstamp", stamp)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", _summary(day, t))
    event.add("description", visible(rule_words(day.series.plan.rule, t)))
    # An all-day bill leaves the day free for appointments.
    event.add("transp", "TRANSPARENT")
    for days in day.alarms:
        event.add_component(_alarm(day, days, t))
    return event


def _part(day: CalendarDay) -> str:
    """Return what tells the days of one occurrence apart."""
    ahead = f"{(day.due_on - day.on).days}" if day.due_on else ""
    return f"{day.about}{ahead}"


def _summary(day: CalendarDay, t: Localizer) -> str:
    ahead = (day.due_on - day.on).days if day.due_on else None
    return visible(t(f"calendar.{day.about}", ahead, what=series_name(day.series, t)))


def _alarm(day: CalendarDay, days: int, t: Localizer) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(day, t))
    alarm.add("trigger", _ALARM_AT - timedelta(days=days))
    return alarm

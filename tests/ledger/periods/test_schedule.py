"""When pushes are due: promises S01, S02, S05 and S08 as far as they are pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ledger.periods.days import day_of
from ledger.periods.period import Period, month_of, week_of
from ledger.periods.schedule import CATCH_UP, Due, instant_of, next_push, push_at
from ledger.settings import PushKind, Settings

FIVE_YEARS = 5 * 365
BEGIN = datetime(2026, 1, 7, 12, 0, tzinfo=UTC)
EASY = Settings(currency="EUR", timezone="UTC", language="en")

ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Helsinki", "Europe/Chisinau",
    "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Atlantic/Azores", "America/Scoresbysund",
    "America/Nuuk", "America/St_Johns", "America/New_York", "America/Chicago", "America/Denver",
    "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
    "America/Havana", "America/Santiago", "America/Asuncion", "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires", "Africa/Cairo", "Africa/Casablanca", "Africa/Lagos",
    "Asia/Beirut", "Asia/Jerusalem", "Asia/Gaza", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Tokyo", "Antarctica/Troll", "Australia/Lord_Howe", "Australia/Sydney",
    "Pacific/Chatham", "Pacific/Kiritimati",
)  # fmt: skip
WEEK_HOURS = 7 * 24
HOURS_PER_ZONE = -(-WEEK_HOURS // len(ZONES))


def pushes(kind: PushKind, settings: Settings, *, days: int) -> Iterator[Due]:
    """Play the rows: each push is sent at its time, which makes the next one."""
    end = BEGIN + timedelta(days=days)
    due = next_push(kind, settings, now=BEGIN, last_period=None)
    while due is not None and due.due_at < end:
        yield due
        due = next_push(kind, settings, now=due.due_at, last_period=due.period_key)


def first_instant_showing(wall: datetime, zone: ZoneInfo) -> datetime:
    """Find by looking at the clock every quarter of an hour; transitions happen at quarters."""
    at = wall.replace(tzinfo=UTC) - timedelta(hours=40)
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += timedelta(minutes=15)
    return at


def transitions(zone: ZoneInfo, *, days: int) -> Iterator[date]:
    """Yield the local days on which a zone changes its clocks."""
    for day in range(days):
        at = BEGIN + timedelta(days=day)
        if at.astimezone(zone).utcoffset() != (at + timedelta(days=1)).astimezone(zone).utcoffset():
            yield at.astimezone(zone).date()
            yield (at + timedelta(days=1)).astimezone(zone).date()


@pytest.mark.parametrize(("nth", "name"), list(enumerate(ZONES)), ids=ZONES)
def test_every_zone_gets_one_weekly_push_a_week_for_five_years(nth: int, name: str) -> None:
    # Over all zones together every hour of the week takes its turn.
    for hour in range(nth * HOURS_PER_ZONE, (nth + 1) * HOURS_PER_ZONE):
        weekday, day_hour = divmod(hour % WEEK_HOURS, 24)
        settings = replace(EASY, timezone=name, weekly_day=weekday, weekly_hour=day_hour)
        sent = list(pushes("weekly", settings, days=FIVE_YEARS))
        local = [due.due_at.astimezone(ZoneInfo(name)) for due in sent]
        mondays = [at.date() - timedelta(days=at.weekday()) for at in local]
        assert mondays == [mondays[0] + timedelta(days=7 * n) for n in range(len(mondays))]
        assert len(mondays) >= FIVE_YEARS // 7
        assert all(at.weekday() == weekday for at in local)
        late = {at.hour * 60 + at.minute - day_hour * 60 for at in local}
        assert late <= {0, 30, 60, 120}, "only a gap in the clock may move a push, to its end"


@pytest.mark.parametrize("name", ZONES)
def test_around_every_clock_change_each_hour_happens_once(name: str) -> None:
    zone = ZoneInfo(name)
    for day in transitions(zone, days=FIVE_YEARS):
        for hour in range(24):
            wall = datetime.combine(day, time(hour))
            assert instant_of(wall, name) == first_instant_showing(wall, zone), (wall, name)


@pytest.mark.parametrize(
    ("wall", "zone", "expected"),
    [
        # spring in Berlin: 02:00 becomes 03:00, so 02:30 is 03:00
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:00"),
        # autumn in Berlin: 02:30 comes twice, the first counts
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30"),
        # Lord Howe moves by half an hour: 02:00 to 02:30
        ("2026-10-04T02:00", "Australia/Lord_Howe", "2026-10-03T15:30"),
        ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
        # and back: 01:45 comes twice
        ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
        # Samoa had no 30 December 2011: its hours are the midnight that followed
        ("2011-12-30T00:00", "Pacific/Apia", "2011-12-30T10:00"),
        ("2011-12-30T18:00", "Pacific/Apia", "2011-12-30T10:00"),
        ("2011-12-31T01:00", "Pacific/Apia", "2011-12-30T11:00"),
        # midnight is skipped in Beirut
        ("2026-03-29T00:00", "Asia/Beirut", "2026-03-28T22:00"),
    ],
)
def test_a_wall_time_becomes_one_instant(wall: str, zone: str, expected: str) -> None:
    at = instant_of(datetime.fromisoformat(wall), zone)
    assert at == datetime.fromisoformat(expected + "Z")


def test_a_skipped_friday_still_has_its_one_push() -> None:
    samoa = replace(EASY, timezone="Pacific/Apia", weekly_day=4)
    now, last, sent = datetime(2011, 12, 20, tzinfo=UTC), None, []
    for _ in range(4):
        due = next_push("weekly", samoa, now=now, last_period=last)
        assert due is not None
        sent.append(due)
        now, last = due.due_at, due.period_key
    assert [due.period.start.day for due in sent] == [12, 19, 26, 2]
    assert sent[1].due_at.astimezone(ZoneInfo("Pacific/Apia")).day == 31


@pytest.mark.parametrize(
    ("week_start", "weekly_day", "covered"),
    [
        # Monday to Sunday, pushed on Sunday: the week that ends
        (0, 6, date(2026, 11, 16)),
        # pushed on Saturday: the last complete one
        (0, 5, date(2026, 11, 9)),
        # pushed on Monday (the 23rd): the one that ended yesterday
        (0, 0, date(2026, 11, 16)),
        # weeks from Sunday, pushed on Saturday: the week that ends
        (6, 5, date(2026, 11, 15)),
        # weeks from Sunday, pushed on Sunday (the 22nd): the one that ended yesterday
        (6, 6, date(2026, 11, 15)),
    ],
)
def test_a_push_covers_the_week_that_ends_or_ended(
    week_start: int, weekly_day: int, covered: date
) -> None:
    settings = replace(EASY, week_start=week_start, weekly_day=weekly_day)
    due = next_push(
        "weekly", settings, now=datetime(2026, 11, 20, 20, tzinfo=UTC), last_period=None
    )
    assert due is not None
    assert due.period == week_of(covered, week_start)
    assert due.period_key == covered.isoformat()


@pytest.mark.parametrize("month_start", [1, 15, 25, 28, 31])
def test_every_month_has_one_recap_on_its_first_day(month_start: int) -> None:
    settings = replace(EASY, timezone="Europe/Berlin", month_start=month_start)
    sent = list(pushes("monthly", settings, days=FIVE_YEARS))
    assert len(sent) == pytest.approx(60, abs=1)
    for due, following in pairwise(sent):
        assert due.period.end == following.period.start
        assert day_of(due.due_at, "Europe/Berlin") == due.period.end
        assert due.due_at.astimezone(ZoneInfo("Europe/Berlin")).hour == 9
        assert due.period == month_of(due.period.start, month_start)


@pytest.mark.parametrize(
    ("kind", "period", "on"),
    [
        # the month with a leap day
        ("monthly", Period(date(2028, 2, 1), date(2028, 3, 1), "month"), date(2028, 3, 1)),
        # week 53 of 2026 begins in December and ends in January
        ("weekly", Period(date(2026, 12, 28), date(2027, 1, 4), "week"), date(2027, 1, 3)),
        # the week of the leap day
        ("weekly", Period(date(2028, 2, 28), date(2028, 3, 6), "week"), date(2028, 3, 5)),
    ],
)
def test_odd_days_have_their_push_too(kind: PushKind, period: Period, on: date) -> None:
    assert [due.due_at.date() for due in pushes(kind, EASY, days=900) if due.period == period] == [
        on
    ]


def test_a_kind_that_is_off_is_never_due() -> None:
    quiet = replace(EASY, weekly_on=False, monthly_on=False)
    assert next_push("weekly", quiet, now=BEGIN, last_period=None) is None
    assert next_push("monthly", quiet, now=BEGIN, last_period=None) is None


@pytest.mark.parametrize(
    ("hours_late", "still_due"),
    [
        # just passed, and passed by exactly a day: caught up
        (0, True),
        (24, True),
        # longer: skipped, the next one is a week later
        (25, False),
        (24 * 6, False),
    ],
)
def test_a_missed_push_is_caught_up_within_a_day(hours_late: int, *, still_due: bool) -> None:
    sunday = datetime(2026, 11, 22, 18, tzinfo=UTC)
    now = sunday + timedelta(hours=hours_late)
    due = next_push("weekly", EASY, now=now, last_period="2026-11-09")
    assert due is not None
    assert due.due_at == (sunday if still_due else sunday + timedelta(days=7))


def test_a_clock_that_ran_ahead_does_not_silence_the_chat() -> None:
    due = next_push("weekly", EASY, now=BEGIN, last_period="2027-05-03")
    assert due is not None
    assert due.due_at == datetime(2026, 1, 11, 18, tzinfo=UTC)


@dataclass
class Chat:
    """A chat's schedule row and what was sent, as `services.reporting.pushes` keeps them."""

    settings: Settings
    now: datetime
    last: str
    due: Due | None = None

    def change(self, settings: Settings) -> None:
        """Set something and plan anew."""
        self.settings = settings
        self.due = next_push("weekly", settings, now=self.now, last_period=self.last, changed=True)

    def next_due(self) -> Due | None:
        """Return what the row says now; each tick changes it."""
        return self.due

    def tick(self, sent: list[date]) -> None:
        """Take what is due: the row's own instant says which period it stands for."""
        assert self.due is not None
        assert self.now >= self.due.due_at
        row = self.due.due_at
        due = next_push("weekly", self.settings, now=row, last_period=self.last, changed=True)
        assert due is not None
        if due.due_at <= row:
            assert self.now - row <= CATCH_UP
            sent.append(due.period.start)
            self.last = due.period_key
        self.due = next_push("weekly", self.settings, now=self.now, last_period=self.last)


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_changes_neither_double_nor_lose_a_week(seed: int) -> None:
    dice = random.Random(seed)
    chat = Chat(replace(EASY), BEGIN, "2025-12-29")
    chat.change(EASY)
    sent = [date(2025, 12, 29)]
    for _ in range(1000):
        assert chat.due is not None
        # Near the firing, or anywhere within ten days.
        near = timedelta(seconds=dice.randint(-90, 90))
        until = max(chat.now, dice.choice([chat.due.due_at + near, later(chat.now, dice)]))
        while (due := chat.next_due()) is not None and due.due_at <= until:
            chat.now = max(chat.now, due.due_at) + timedelta(seconds=dice.randint(0, 60))
            chat.tick(sent)
        chat.now = max(chat.now, until)
        chat.change(
            replace(
                chat.settings,
                timezone=dice.choice([chat.settings.timezone, dice.choice(ZONES)]),
                weekly_day=dice.choice([chat.settings.weekly_day, dice.randrange(7)]),
                weekly_hour=dice.randrange(24),
            )
        )
    weeks = [sent[0] + timedelta(days=7 * n) for n in range(len(sent))]
    assert sent == weeks, f"seed {seed}"
    assert len(sent) >= 100, "a run that sends next to nothing proves nothing"


def later(now: datetime, dice: random.Random) -> datetime:
    return now + timedelta(minutes=dice.randrange(10 * 24 * 60))


@pytest.mark.parametrize("seed", range(4))
def test_moving_the_start_of_the_week_keeps_one_push_a_week(seed: int) -> None:
    dice = random.Random(seed)
    chat = Chat(EASY, BEGIN, "2025-12-29")
    chat.change(EASY)
    sent = [date(2025, 12, 29)]
    for _ in range(300):
        until = later(chat.now, dice)
        while (due := chat.next_due()) is not None and due.due_at <= until:
            chat.now = max(chat.now, due.due_at)
            chat.tick(sent)
        chat.now = until
        chat.change(replace(chat.settings, week_start=dice.choice([0, 5, 6])))
    steps = {(after - before).days for before, after in pairwise(sent)}
    assert min(steps) >= 4, f"seed {seed}: a week was summed up twice"
    assert max(steps) <= 10, f"seed {seed}: a week was left out"


def test_a_push_time_is_never_before_the_last_day_of_its_week() -> None:
    for weekday in range(7):
        settings = replace(EASY, weekly_day=weekday, weekly_hour=0)
        week = week_of(date(2026, 11, 18), 0)
        at = push_at("weekly", settings, week)
        assert week.end - timedelta(days=1) <= at.date() < week.end + timedelta(days=6)

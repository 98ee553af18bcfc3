"""Series by commands, buttons and the clock: made, booked when due, changed, undone, ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.entries.changes import RecordedOperation
from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ports.repositories import Repositories
from scheduler.pushes import PushTick
from services.bundle import build_services
from services.entering import InstallationDefaults
from services.schedules import build_rules
from services.scope import Scope
from storage import Database
from storage.database.repositories.all import SqlRepositories
from storage.database.upkeep.replay import find_wrong_entries, find_wrong_history
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage, open_stage
from tests.services.setup import categoriser


def _find_wrong(repositories: Repositories, now: datetime) -> list[tuple[str, str]]:
    assert isinstance(repositories, SqlRepositories)
    connection = repositories.connection
    return [*find_wrong_entries(connection, now), *find_wrong_history(connection)]


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    async with open_stage(database) as opened:
        yield opened
        # Whatever was done, the history still makes the rows.
        async with database.units.open(now=opened.now) as unit:
            assert await unit.run(lambda r: _find_wrong(r, opened.now)) == []


def push_tick(stage: Stage) -> PushTick:
    services = build_services(categoriser(), InstallationDefaults("EUR", "Europe/Berlin", "en"))
    rules = build_rules(due=services.series.due)
    return PushTick(stage.database.units, asyncio.Event(), rules)


async def tick(stage: Stage, moment: datetime | None = None) -> list[Shown]:
    """Let the scheduler look at a moment; return what it tells."""
    if moment is not None:
        stage.now = moment
    await push_tick(stage).run(stage.now)
    shown = await stage.deliver()
    # Weekly and monthly summaries are not what these tests are about.
    return [one for one in shown if not one.message.message_key.startswith("push-")]


async def push_of(stage: Stage, moment: datetime) -> list[Shown]:
    """Return the summaries that the scheduler sends at a moment."""
    stage.now = moment
    await push_tick(stage).run(stage.now)
    shown = await stage.deliver()
    return [one for one in shown if one.message.message_key.startswith("push-")]


async def list_entries(stage: Stage, chat: int = ANN) -> list[Entry]:
    def work(repositories: Repositories) -> list[Entry]:
        place = repositories.chats.find(chat)
        assert place is not None
        return repositories.entries.page(place.chat.ledger.id, EntryFilter(), limit=999)

    return await stage.run(work)


async def list_history(stage: Stage) -> list[RecordedOperation]:
    def work(repositories: Repositories) -> list[RecordedOperation]:
        place = repositories.chats.find(ANN)
        assert place is not None
        return repositories.operations.list_after(place.chat.ledger.id, 0, 999)

    return await stage.run(work)


def at(month: int, day: int, hour: int = 6, *, year: int = 2026) -> datetime:
    """Return an hour in UTC; in winter Berlin is one hour ahead."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def days(entries: list[Entry]) -> list[date]:
    return sorted(entry.spent_on for entry in entries)


async def speak_german(stage: Stage) -> None:
    await stage.say("/start")

    def work(repositories: Repositories) -> None:
        place = repositories.chats.find(ANN)
        assert place is not None
        german = replace(place.chat.settings, language="de")
        repositories.chats.save_settings(place.chat.ledger.id, german)

    await stage.run(work)


async def test_a_rent_is_booked_on_its_day_and_told_once(stage: Stage) -> None:
    (card,) = await stage.say("/recurring rent 850 monthly on 1")
    assert "€850.00 rent" in card.text
    assert "every month on day 1" in card.text
    assert "next Tue 1 Dec" in card.text
    assert await tick(stage, at(12, 1, 4)) == []
    (told,) = await tick(stage, at(12, 1, 5))
    assert "Booked as it was due" in told.text
    assert "€850.00" in told.text
    assert await tick(stage) == []
    assert days(await list_entries(stage)) == [date(2026, 12, 1)]
    answer, _ = await stage.press(told, "Undo")
    assert "booked by itself" in answer.text
    assert await list_entries(stage) == []
    vias = [one.operation.via for one in await list_history(stage)]
    assert vias == ["chat", "clock", "chat"], "made, booked, undone"
    assert await tick(stage, at(12, 2)) == []


async def test_a_series_that_is_there_is_not_made_again_unasked(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1")
    (asked,) = await stage.say("/recurring Rent 850 monthly on 1")
    assert "nothing new was made" in asked.text
    assert "You wrote" not in asked.text
    (reminded,) = await stage.say("/remind rent 850 monthly on 1")
    assert "nothing new was made" in reminded.text
    await tick(stage, at(12, 1))
    assert days(await list_entries(stage)) == [date(2026, 12, 1)], "the rent is booked once"
    (dearer,) = await stage.say("/recurring rent 900 monthly on 1")
    assert "You wrote: €900.00 rent" in dearer.text
    changed, *_ = await stage.press(dearer, "€900.00 from now on")
    assert "€900.00 rent" in changed.text
    (moved,) = await stage.say("/recurring rent 900 monthly on 15")
    made, *_ = await stage.press(moved, "Make one more")
    assert "every month on day 15" in made.text
    (other,) = await stage.say("/recurring gym 30 monthly on 3")
    assert "from now on" in other.text, "another name is another series"
    (listed,) = await stage.say("/recurring")
    assert listed.text.count("€900.00 rent") == 2
    await tick(stage, at(12, 15))
    assert [one.money.minor for one in await list_entries(stage)][:2] == [900_00, 30_00]


async def test_what_was_typed_by_hand_today_is_not_booked_again(stage: Stage) -> None:
    await stage.say("rent 850")
    await stage.say("tea 2")
    (card, *booked) = await stage.say("/recurring Rent 850 monthly on 20")
    assert "is there already" in card.text
    assert not booked
    assert "next Sun 20 Dec" in card.text
    (_, *booked) = await stage.say("/recurring tea 3 daily")
    assert len(booked) == 1, "another amount is another entry"
    assert sorted(one.money.minor for one in await list_entries(stage)) == [200, 300, 850_00]


async def test_what_was_typed_and_booked_by_itself_is_noticed_from_both_sides(stage: Stage) -> None:
    twice = "The same is already booked for"
    await stage.say("/recurring rent 850 monthly on 1")
    await tick(stage, at(12, 1))
    stage.now = at(12, 2, 12)
    for text in ("rent 851", "gym 850", "rent 850 27 nov", "+850 rent"):
        (other,) = await stage.say(text)
        assert twice not in other.text, text
    (typed,) = await stage.say("Rent 850")
    assert f"{twice} Tue 1 Dec" in typed.text
    await stage.press(typed, "Delete")
    stage.now = at(12, 31, 12)
    await stage.say("rent 850")
    (told,) = await tick(stage, at(1, 1, year=2027))
    assert f"{twice} Thu, 31 Dec 2026" in told.text
    await stage.press(told, "Undo")
    assert days(await list_entries(stage))[-1] == date(2026, 12, 31)


async def test_words_that_come_again_are_told_how(stage: Stage) -> None:
    (card,) = await stage.say("rent 850 monthly")
    assert "Booked once" in card.text
    assert "/recurring rent 850 monthly" in card.text
    (made, *booked) = await stage.say("/recurring rent 850 monthly")
    assert "is there already" in made.text
    assert not booked


async def test_a_german_chat_is_told_that_a_series_is_there(stage: Stage) -> None:
    await speak_german(stage)
    await stage.say("/recurring miete 850 monatlich am 1")
    (asked,) = await stage.say("/recurring miete 850 monatlich am 1")
    assert "Das gibt es schon" in asked.text
    shown, *_ = await stage.press(asked, "Das vorhandene")
    assert "850,00" in shown.text


async def test_every_missed_occurrence_is_booked_on_its_own_day(stage: Stage) -> None:
    await stage.say("/recurring tea 2 daily")
    (told,) = await tick(stage, at(12, 5))
    assert days(await list_entries(stage)) == [
        date(2026, 11, 20) + timedelta(days=n) for n in range(16)
    ]
    assert "15 entries" in told.text
    (asked,) = await stage.say("/undo")
    assert "booked by itself" in asked.text
    undone, *_ = await stage.press(asked, "What was booked")
    assert "15" in undone.text
    assert days(await list_entries(stage)) == [date(2026, 11, 20)]
    assert await tick(stage, at(12, 5, 9)) == []


async def test_undo_asks_whether_it_means_a_booking_or_ones_own_change(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1")
    stage.now = at(12, 1, 4) + timedelta(minutes=58)
    await stage.say("coffee 4.50")
    await tick(stage, at(12, 1, 5))
    (asked,) = await stage.say("/undo")
    assert "€850.00 rent" in asked.text
    undone, *_ = await stage.press(asked, "My last change")
    assert "coffee" in undone.text
    assert [entry.note for entry in await list_entries(stage)] == ["rent"]
    await stage.say("/redo")
    # "That one" in words never means what nobody typed.
    await stage.say("no, 5.50")
    assert {entry.note: entry.money.minor for entry in await list_entries(stage)} == {
        "rent": 85000,
        "coffee": 550,
    }
    # A newer change of one's own is not asked about.
    undone, *_ = await stage.say("/undo")
    assert "coffee" in undone.text


async def test_a_series_that_begins_today_is_undone_with_its_entry(stage: Stage) -> None:
    card, booked = await stage.say("/recurring netflix 12.99 monthly")
    assert "netflix" in booked.text
    assert "next Sun 20 Dec" in card.text
    await stage.say("/undo")
    assert await list_entries(stage) == []
    (listed,) = await stage.say("/recurring")
    assert "Nothing comes again" in listed.text
    assert await tick(stage, at(12, 20)) == []
    stage.now = at(12, 21)
    await stage.say("/redo")
    (listed,) = await stage.say("/recurring")
    assert "netflix" in listed.text
    assert await tick(stage, at(12, 21, 9)) == []
    assert len(await tick(stage, at(1, 20, year=2027))) == 1


async def test_pause_skip_end_and_removal(stage: Stage) -> None:
    (card,) = await stage.say("/recurring gym 30 monthly on 1")
    (card,) = await stage.press(card, "Skip")
    assert "next Fri, 1 Jan 2027" in card.text
    (card,) = await stage.press(card, "Pause")
    assert "paused" in card.text
    assert await tick(stage, at(2, 3, year=2027)) == []
    (card,) = await stage.press(card, "Go on")
    assert "next Mon 1 Mar" in card.text
    assert len(await tick(stage, at(3, 1, year=2027))) == 1
    (card,) = await stage.press(card, "⏹")
    assert "ended" in card.text
    assert await tick(stage, at(4, 20, year=2027)) == []
    (gone,) = await stage.press(card, "Remove")
    assert "does not come again" in gone.text
    assert days(await list_entries(stage)) == [date(2027, 3, 1)]


async def test_step_day_and_weekends_by_buttons(stage: Stage) -> None:
    (card,) = await stage.say("/recurring water 40 monthly on 1")
    (page,) = await stage.press(card, "Which day")
    (page,) = await stage.press(page, "Last working day")
    assert "last working day of every month" in page.text
    assert "next Thu 31 Dec" in page.text
    (page,) = await stage.press(page, "15")
    (page,) = await stage.press(page, "Back")
    (page,) = await stage.press(page, "How often")
    (page,) = await stage.press(page, "Quarterly")
    assert "every 3 months on day 15" in page.text
    (page,) = await stage.press(page, "Back")
    (page,) = await stage.press(page, "Weekends")
    (page,) = await stage.press(page, "Monday after")
    assert "Monday after" in page.text


async def test_end_number_of_times_and_varying_amount_by_buttons(stage: Stage) -> None:
    (card,) = await stage.say("/recurring power 50 monthly on 25")
    (page,) = await stage.press(card, "End date")
    assert "When does it end" in page.text
    (page,) = await stage.press(page, "3 more times")
    assert "3 times in all" in page.text
    assert "✓" in next(label for label in page.buttons if "3 more times" in label)
    (page,) = await stage.press(page, "Until January 2027")
    assert "until Sun, 31 Jan 2027" in page.text
    assert "in all" not in page.text
    (card,) = await stage.press(page, "Back")
    (card,) = await stage.press(card, "Amount varies")
    assert "The amount varies" in card.text
    (told,) = await tick(stage, at(11, 25))
    assert "Was it €50.00 this time?" in told.text
    (page,) = await stage.press(card, "End date")
    (page,) = await stage.press(page, "Only 1 more time")
    (told,) = await tick(stage, at(12, 25))
    assert await tick(stage, at(1, 26, year=2027)) == []
    (page,) = await stage.press(page, "No end")
    (card,) = await stage.press(page, "Back")
    (card,) = await stage.press(card, "Amount varies")
    assert "The amount varies" not in card.text
    assert len(await tick(stage, at(2, 25, year=2027))) == 1
    assert days(await list_entries(stage))[-1] == date(2027, 2, 25)


async def test_words_without_an_amount_change_what_they_name(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1")
    (card,) = await stage.say("/recurring rent until March 2028")
    assert "until Fri, 31 Mar 2028" in card.text
    (card,) = await stage.say("/recurring rent monthly on 15 before weekends")
    assert "every month on day 15" in card.text
    assert "the Friday before" in card.text
    assert "until Fri, 31 Mar 2028" in card.text
    (card,) = await stage.say("/recurring rent 6 times")
    assert "6 times in all" in card.text
    await stage.say("/undo")
    (card,) = await stage.say("/recurring rent")
    assert "until Fri, 31 Mar 2028" in card.text


async def test_a_group_is_told_of_a_change_by_buttons(stage: Stage) -> None:
    (card,) = await stage.say("/recurring rent 850 monthly on 1", chat=GROUP)
    page, *more = await stage.press(card, "Weekends")
    assert more == []
    page, told = await stage.press(page, "Monday after")
    assert told.text.startswith("Ann changed what comes again: €850.00 rent")
    assert not told.is_edit
    # A press that changes nothing is not told.
    (page,) = await stage.press(page, "Monday after")
    (card,) = await stage.press(page, "Back")
    _, told = await stage.press(card, "Remove")
    assert "Ann removed €850.00 rent" in told.text


async def test_a_card_stays_its_askers_after_an_admin_pressed(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1", chat=GROUP, user=BO)
    (card,) = await stage.say("/recurring rent", chat=GROUP, user=BO)
    await stage.say("tea 2", chat=GROUP, user=ANN)
    await stage.run(lambda rows: rows.chats.set_admins(GROUP, [ANN]))
    card, _ = await stage.press(card, "Pause", user=ANN)
    assert "paused" in card.text
    (shown, _) = await stage.press(card, "Go on", user=BO)
    assert "next" in shown.text, "it was refused as another member's card"


async def test_a_change_reaches_this_one_from_now_on_or_all(stage: Stage) -> None:
    await stage.say("/recurring phone 20 weekly from 6 Nov")
    assert [entry.money.minor for entry in await list_entries(stage)] == [2000] * 3
    (which,) = await stage.say("/recurring phone 22")
    await stage.press(which, "Only the latest")
    assert [entry.money.minor for entry in await list_entries(stage)] == [2200, 2000, 2000]
    (which,) = await stage.say("/recurring phone 25")
    await stage.press(which, "From now on")
    (told,) = await tick(stage, at(11, 27))
    assert "€25.00" in told.text
    (which,) = await stage.say("/recurring phone 30")
    await stage.press(which, "All of them")
    assert [entry.money.minor for entry in await list_entries(stage)] == [3000] * 4
    await stage.say("/undo")
    assert [entry.money.minor for entry in await list_entries(stage)] == [2500, 2200, 2000, 2000]


async def test_a_varying_bill_is_asked_about_and_corrected_by_a_reply(stage: Stage) -> None:
    await stage.say("/recurring power about 50 monthly on 25")
    (told,) = await tick(stage, at(11, 25))
    assert "Was it €50.00 this time?" in told.text
    reply = {"message_id": told.message_id, "date": 1, "chat": {"id": ANN, "type": "private"}}
    shown = await stage.say("48.20", reply_to_message=reply)
    corrected = next(one for one in shown if "48.20" in one.text)
    assert "Was it" not in corrected.text
    assert [entry.money.minor for entry in await list_entries(stage)] == [4820]
    (card,) = await stage.press(corrected, "From now on")
    assert "€48.20 power" in card.text


async def test_a_right_amount_is_confirmed_by_a_press(stage: Stage) -> None:
    await stage.say("/recurring power about 50 monthly on 25")
    (told,) = await tick(stage, at(11, 25))
    (card,) = await stage.press(told, "It was")
    assert "Was it" not in card.text


async def test_reminders_come_once_and_a_bill_is_paid_by_a_press(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1")
    (card,) = await stage.say("/remind rent 3 days before")
    assert "3 days before" in card.text
    assert await tick(stage, at(11, 28, 7)) == []
    (reminder,) = await tick(stage, at(11, 28, 8))
    assert "€850.00 rent is booked in 3 days" in reminder.text
    assert await tick(stage, at(11, 28, 9)) == []
    await stage.say("/remind doctor 60 monthly on 5 1 day before")
    first, second = await tick(stage, at(12, 4, 9))
    bill = first if "doctor" in first.text else second
    assert "is due tomorrow" in bill.text
    (booked,) = await stage.press(bill, "Paid")
    assert "€60.00" in booked.text
    assert booked.is_edit


async def test_a_bill_is_listed_until_it_is_paid(stage: Stage) -> None:
    await stage.say("/remind power 60 monthly on 25 1 day before")
    await push_of(stage, at(11, 22, 17))
    stage.now = at(11, 27, 12)
    await stage.say("coffee 4.50")
    (listed,) = await stage.say("/recurring")
    assert "due since Wed 25 Nov, not paid yet" in listed.text
    (card,) = await stage.press(listed, "€60.00 power")
    (summary,) = await push_of(stage, at(11, 29, 17))
    assert "Wed 25 Nov · €60.00 power · not paid yet" in summary.text
    (booked,) = await stage.press(card, "Paid")
    assert "€60.00" in booked.text
    (listed,) = await stage.say("/recurring")
    assert "next Fri 25 Dec" in listed.text
    assert days(await list_entries(stage)) == [date(2026, 11, 27), date(2026, 11, 29)]


async def test_a_bill_that_was_typed_or_paid_before_is_not_reminded_of(stage: Stage) -> None:
    await stage.say("/remind power 60 monthly on 25 3 days before 0 days before")
    (reminder,) = await tick(stage, at(11, 22, 9))
    await stage.press(reminder, "Paid")
    assert await tick(stage, at(11, 25, 9)) == []
    (listed,) = await stage.say("/recurring")
    assert "next Fri 25 Dec" in listed.text
    stage.now = at(12, 20, 12)
    await stage.say("Power 61.20")
    assert await tick(stage, at(12, 25, 9)) == []
    stage.now = at(12, 27, 12)
    (listed,) = await stage.say("/recurring")
    assert "next Mon, 25 Jan 2027" in listed.text


async def test_a_bill_that_nobody_pays_moves_on_with_the_next_one(stage: Stage) -> None:
    await stage.say("/remind power 60 monthly on 25")
    for month, year in ((12, 2026), (2, 2027)):
        stage.now = at(month, 28, 12, year=year)
        (listed,) = await stage.say("/recurring")
        assert f"due since {'Fri 25 Dec' if month == 12 else 'Thu 25 Feb'}" in listed.text
    (card,) = await stage.press(listed, "€60.00 power")
    (card,) = await stage.press(card, "Skip Thu 25 Feb")
    assert "next Thu 25 Mar" in card.text


async def test_a_downtime_sends_the_newest_reminder_only(stage: Stage) -> None:
    await stage.say("/remind tax 300 yearly on 20 March 30 days before 7 days before 1 day before")
    found = await tick(stage, at(3, 15, year=2027))
    assert len(found) == 1
    assert "5 days" in found[0].text


async def test_quiet_hours_and_pause(stage: Stage) -> None:
    await stage.say("/settings quiet 22-8")
    await stage.say("/recurring rent 850 monthly on 1")
    assert await tick(stage, at(12, 1, 6)) == []
    assert len(await tick(stage, at(12, 1, 7))) == 1


async def test_a_group_sees_who_paid_and_everybody_may_change(stage: Stage) -> None:
    await stage.say("/recurring rent 850 monthly on 1", chat=GROUP)
    (told,) = await tick(stage, at(12, 1))
    assert "Ann" in told.text
    (listed,) = await stage.say("/recurring", chat=GROUP, user=8)
    assert "rent" in listed.text


async def test_income_on_the_last_working_day(stage: Stage) -> None:
    (card,) = await stage.say("/recurring +3200 salary on the last working day")
    assert "+€3,200.00 salary" in card.text
    (told,) = await tick(stage, at(11, 30))
    assert "3,200.00" in told.text
    assert (await list_entries(stage))[0].type == "income"


@pytest.mark.parametrize("text", ["/recurring banana", "/remind", "/recurring 12", "/remind rent"])
async def test_words_without_a_meaning_are_explained(stage: Stage, text: str) -> None:
    (answer,) = await stage.say(text)
    assert "/recurring" in answer.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/recurring gym 29 every 0 days", "“gym 29 every 0 days”"),
        ("/recurring gym 29 monthly on 42", "“gym 29 monthly on 42”"),
        ("/recurring gym 29 weekly until yesterday", "before the first one"),
    ],
)
async def test_a_rule_that_cannot_be_makes_no_series(stage: Stage, text: str, why: str) -> None:
    (answer,) = await stage.say(text)
    assert why in answer.text
    (listed,) = await stage.say("/recurring")
    assert "gym" not in listed.text


async def test_a_reminder_of_nothing_or_of_two_says_so(stage: Stage) -> None:
    (unknown,) = await stage.say("/remind rent 3 days before")
    assert "Nothing that comes again is called “rent”" in unknown.text
    assert "/remind rent 60 monthly on 15" in unknown.text
    await stage.say("/recurring rent 850 monthly on 1")
    (asked,) = await stage.say("/recurring rent 850 monthly on 1")
    await stage.press(asked, "Make one more")
    (several,) = await stage.say("/remind rent 3 days before")
    assert "Several that come again are called “rent”" in several.text


async def test_a_start_of_long_ago_is_refused(stage: Stage) -> None:
    (answer,) = await stage.say("/recurring coffee 3 daily from 1 January 2020")
    assert "later start" in answer.text
    assert await list_entries(stage) == []


async def test_it_speaks_german(stage: Stage) -> None:
    await speak_german(stage)
    (karte,) = await stage.say("/recurring Miete 850 monatlich am 1.")
    assert "jeden Monat am 1." in karte.text
    (gebucht,) = await tick(stage, at(12, 1))
    assert "Wie fällig gebucht" in gebucht.text
    (liste,) = await stage.say("/recurring")
    assert "nächstes Mal" in liste.text


async def test_a_contract_and_a_trial_are_decided_in_time(stage: Stage) -> None:
    await stage.say("/recurring phone 20 monthly on 1")
    (card,) = await stage.say(
        "/recurring phone contract until 30 June 2027 notice 1 month renews 12 months"
    )
    assert "runs until Wed, 30 Jun 2027" in card.text
    assert "It renews itself by 12 months" in card.text
    assert "Give notice by Mon, 31 May 2027" in card.text
    (card,) = await stage.say("/recurring phone trial until 5 Dec")
    assert "Free until Sat 5 Dec" in card.text
    found = await tick(stage, at(12, 2, 9))
    assert any("the trial ends in 3 days" in one.text for one in found)
    (card,) = await stage.say("/recurring phone contract off")
    assert "notice" not in card.text
    await stage.say("/undo")
    (card,) = await stage.say("/recurring phone")
    assert "Give notice by" in card.text


async def test_a_contract_is_typed_together_with_its_amount(stage: Stage) -> None:
    words = "gym 29 monthly on 1 contract until 30 June 2027 notice 1 month"
    (card,) = await stage.say(f"/recurring {words}")
    assert "<b>€29.00 gym</b>" in card.text
    assert "next Tue 1 Dec" in card.text
    assert "The contract runs until Wed, 30 Jun 2027" in card.text
    (trial,) = await stage.say("/recurring music 9.99 monthly trial until 5 Dec")
    assert "<b>€9.99 music</b>" in trial.text
    assert "next Sun 6 Dec" in trial.text, "nothing is booked in the free days"
    assert await list_entries(stage) == []
    (title,) = await stage.say("/recurring lawyer contract 200 monthly on 1")
    assert "lawyer contract" in title.text


async def test_notice_is_reminded_of_three_times_and_again_in_the_next_term(stage: Stage) -> None:
    await stage.say("/recurring gym 30 monthly on 1")
    words = "/recurring gym contract until 30 June 2027 notice 1 month renews 12 months"
    await stage.say(words)
    told = []
    for moment in (at(5, 16, 9, year=2027), at(5, 17, 6, year=2027), at(5, 17, 7, year=2027)):
        told += [one.text for one in await tick(stage, moment) if "notice" in one.text]
    assert told == ["\u23f0 €30.00 gym: 14 days left to give notice, until Mon 31 May."]
    assert [one for one in await tick(stage) if "notice" in one.text] == []
    (third,) = [o.text for o in await tick(stage, at(5, 28, 8, year=2027)) if "notice" in o.text]
    assert "3 days left to give notice" in third
    (last,) = [o.text for o in await tick(stage, at(5, 31, 8, year=2027)) if "notice" in o.text]
    assert "today is the last day to give notice" in last
    # Nobody gave notice, so the contract goes on for a year.
    assert [o for o in await tick(stage, at(6, 30, 8, year=2027)) if "notice" in o.text] == []
    (next_term,) = [
        o.text for o in await tick(stage, at(5, 17, 8, year=2028)) if "notice" in o.text
    ]
    assert "14 days left to give notice, until Wed 31 May" in next_term
    (card,) = await stage.say("/recurring gym")
    assert "runs until Fri 30 Jun" in card.text


async def move_to(stage: Stage, zone: str) -> None:
    """Set the chat's time zone as its settings do."""
    services = build_services(categoriser(), InstallationDefaults("EUR", "Europe/Berlin", "en"))

    def work(repositories: Repositories) -> None:
        place = repositories.chats.find(ANN)
        assert place is not None
        scope = Scope(repositories, place.chat.ledger, ANN, stage.now)
        services.preferences.change(scope, {"timezone": zone})

    await stage.run(work)


async def test_a_chat_that_moves_across_zones_books_no_day_twice_and_none_never(
    stage: Stage,
) -> None:
    stage.now = at(12, 1, 12)
    await stage.say("/recurring tea 2 daily from 2 Dec")
    assert len(await tick(stage, at(12, 2, 5))) == 1
    # In Los Angeles it is still the evening of the day before.
    await move_to(stage, "America/Los_Angeles")
    assert await tick(stage, at(12, 2, 14)) == []
    assert len(await tick(stage, at(12, 3, 14))) == 1
    # In Auckland the morning of 4 December is long over.
    await move_to(stage, "Pacific/Auckland")
    assert len(await tick(stage, at(12, 3, 18))) == 1
    assert await tick(stage, at(12, 4, 5)) == []
    await move_to(stage, "Europe/Berlin")
    assert await tick(stage, at(12, 4, 6)) == []
    assert len(await tick(stage, at(12, 5, 5))) == 1
    assert days(await list_entries(stage)) == [date(2026, 12, day) for day in (2, 3, 4, 5)]


async def test_an_income_that_comes_again_may_be_typed_as_one(stage: Stage) -> None:
    (card,) = await stage.say("/income salary 3200 monthly on 1")
    assert "+€3,200.00 salary" in card.text
    (booked,) = await stage.say("/income 50 from a friend")
    assert "+€50.00" in booked.text
    assert len(await list_entries(stage)) == 1


async def test_the_weekly_summary_looks_ahead(stage: Stage) -> None:
    await stage.say("coffee 4.50")
    await stage.say("/recurring rent 850 monthly on 25")
    stage.now = at(11, 22, 17)
    await push_tick(stage).run(stage.now)
    (push,) = await stage.deliver()
    assert "In the week to come" in push.text
    assert "Wed 25 Nov · €850.00 rent" in push.text

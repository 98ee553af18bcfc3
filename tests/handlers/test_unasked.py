"""What comes unasked: summaries, nudges, quiet hours, pauses and the pinned card, by a moved clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from ledger.settings import Settings
from ports.jobs import CardNotPinned, Event
from ports.outbox import GONE
from replies.job_results import card_not_pinned
from replies.results import ResultHandler
from scheduler.pushes import PushTick
from storage import Database, open_database
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage, open_stage

SUNDAY = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""18:00 in Berlin, where the chats are."""
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def tick(stage: Stage, at: datetime | None = None) -> list[Shown]:
    """Let the clock ask what is due, and deliver what it queued."""
    stage.now = at or stage.now
    await PushTick(stage.database.units, asyncio.Event()).run(stage.now)
    return await stage.deliver()


async def settings(stage: Stage, chat: int = ANN) -> Settings:
    place = await stage.run(lambda r: r.chats.find(chat))
    assert place is not None
    return place.chat.settings


async def test_a_summary_says_what_stood_out_and_comes_once(stage: Stage) -> None:
    await stage.say("/budget food 400")
    await stage.say("groceries 42.10")
    await stage.say("cinema 24")
    (push,) = await tick(stage, SUNDAY)
    assert "42.10" in push.text
    assert "Biggest: €42.10 groceries and €24.00 cinema" in push.text.replace("\xa0", " ")
    assert {"💤 Quiet today", "💤 Quiet for a week", "🔕 Stop these"} < set(push.buttons)
    assert await tick(stage, SUNDAY + HOUR) == []


async def test_open_questions_are_a_button_of_the_push(stage: Stage) -> None:
    await stage.say("groceries 42.10")
    await stage.say("5m car")
    (push,) = await tick(stage, SUNDAY)
    shown = await stage.press(push, "1 open question")
    assert any("million" in one.text or "car" in one.text for one in shown)


async def test_quiet_hours_hold_a_push_and_no_answer(stage: Stage) -> None:
    await stage.say("groceries 42.10")
    await stage.say("/settings quiet 17-20")
    assert await tick(stage, SUNDAY) == []
    (answer,) = await stage.say("coffee 4.50")
    assert "4.50" in answer.text
    (push,) = await tick(stage, SUNDAY + 2 * HOUR)
    assert "46.60" in push.text


async def test_a_push_missed_at_night_waits_for_the_morning(stage: Stage) -> None:
    """Down on Sunday at 18:00, back on Monday at 3."""
    await stage.say("groceries 42.10")
    await stage.say("/settings quiet 22-7")
    assert await tick(stage, SUNDAY + 9 * HOUR) == []
    (push,) = await tick(stage, SUNDAY + 13 * HOUR)
    assert "42.10" in push.text
    assert await tick(stage, SUNDAY + 14 * HOUR) == []


async def test_a_pause_of_one_tap_holds_pushes_until_the_morning_after(stage: Stage) -> None:
    await stage.say("groceries 42.10")
    (said,) = await stage.say("/settings pause week")
    assert "until Fri 27 Nov in the morning" in said.text
    assert await tick(stage, SUNDAY) == []
    friday = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)
    assert await tick(stage, friday - MINUTE) == []
    (push,) = await tick(stage, friday)
    assert "42.10" in push.text
    # The next one is on its own day again.
    await stage.say("tea 3")
    assert await tick(stage, SUNDAY + 7 * DAY - MINUTE) == []
    assert len(await tick(stage, SUNDAY + 7 * DAY)) == 1


async def test_a_stopped_push_stays_away_until_it_is_turned_on(stage: Stage) -> None:
    await stage.say("groceries 42.10")
    (push,) = await tick(stage, SUNDAY)
    (said,) = await stage.press(push, "Stop these")
    await stage.say("tea 3")
    assert await tick(stage, SUNDAY + 7 * DAY) == []
    await stage.press(said, "Turn on again")
    stage.now += 2 * DAY
    await stage.say("tea 3")
    assert len(await tick(stage, SUNDAY + 14 * DAY)) == 1


async def test_a_group_hears_who_paused_and_who_stopped(stage: Stage) -> None:
    await stage.say("groceries 42.10 EUR", chat=GROUP, user=BO)
    (push,) = await tick(stage, SUNDAY)
    said = await stage.press(push, "Quiet for a week", user=BO)
    assert any("Bo" in one.text for one in said)


async def test_a_nudge_comes_on_a_day_without_an_entry(stage: Stage) -> None:
    await stage.say("/settings weekly off")
    await stage.say("/settings nudge 20")
    evening = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    (nudge,) = await tick(stage, evening)
    assert "Nothing is booked today" in nudge.text
    await stage.say("coffee 4.50")
    assert await tick(stage, evening + MINUTE) == []
    stage.now = evening + DAY - HOUR
    # Booked today, though for yesterday.
    await stage.say("coffee 4.50 yesterday")
    assert await tick(stage, evening + DAY) == []
    assert len(await tick(stage, evening + 2 * DAY)) == 1
    # Two days of downtime leave one.
    assert await tick(stage, evening + 4 * DAY - HOUR) == []
    assert len(await tick(stage, evening + 4 * DAY)) == 1


async def test_typed_settings_are_answered_with_their_page(stage: Stage) -> None:
    (said,) = await stage.say("/settings tell me at 700")
    assert "700" in said.text
    assert (await settings(stage)).alert_amounts
    (wrong,) = await stage.say("/settings alerts whenever")
    assert "/settings alerts 50 90 100" in wrong.text


async def test_the_card_follows_at_most_once_a_minute(stage: Stage) -> None:
    await stage.say("/budget food 400")
    (page,) = await stage.say("/settings card on")
    assert page.buttons
    (card,) = await tick(stage)
    assert "What is left" in card.text
    (pin,) = await stage.jobs()
    assert pin.kind == "pin"
    await stage.say("groceries 100")
    assert await tick(stage) == []
    await stage.say("groceries 20")
    (edit,) = await tick(stage, stage.now + MINUTE)
    assert edit.is_edit
    assert edit.message_id == card.message_id
    assert edit.text != card.text
    await stage.say("/budget food 500")
    (raised,) = await tick(stage, stage.now + MINUTE)
    assert raised.text != edit.text
    # Nothing changed: nothing is edited, until the day does.
    assert await tick(stage, stage.now + 2 * MINUTE) == []
    (tomorrow,) = await tick(stage, datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    assert tomorrow.is_edit


async def test_a_deleted_card_comes_back_only_when_it_is_switched_on(stage: Stage) -> None:
    await stage.say("/budget food 400")
    await stage.say("/settings card on")
    (card,) = await tick(stage)
    await stage.say("groceries 100")
    stage.now += MINUTE
    await PushTick(stage.database.units, asyncio.Event()).run(stage.now)
    await drop_as_gone(stage.database, stage.now)
    await stage.say("groceries 20")
    assert await tick(stage, stage.now + 2 * MINUTE) == []
    assert not (await settings(stage)).card_on
    await stage.say("groceries 5")
    assert await tick(stage, stage.now + 2 * MINUTE) == []
    await stage.say("/settings card on")
    (again,) = await tick(stage, stage.now + 2 * MINUTE)
    assert not again.is_edit
    assert again.message_id != card.message_id


async def drop_as_gone(database: Database, now: datetime) -> None:
    """Refuse what waits, as Telegram does once the message is deleted."""
    for message in await database.outbox.pending(now=now, limit=9, skip=frozenset()):
        assert message.kind == "card"
        await database.outbox.drop(message, error=f"E1 {GONE}")


async def test_a_card_that_is_switched_off_says_so_and_is_unpinned(stage: Stage) -> None:
    await stage.say("coffee 4.50")
    await stage.say("/settings card on")
    (card,) = await tick(stage)
    await stage.jobs()
    await stage.say("/settings card off")
    (off,) = await tick(stage)
    assert off.message_id == card.message_id
    (unpin,) = await stage.jobs()
    assert unpin.values["pinned"] is False
    await stage.say("tea 3")
    assert await tick(stage, stage.now + HOUR) == []


async def test_a_group_that_forbids_pinning_hears_it_once(sqlite_url: str) -> None:
    results: dict[type[Event], ResultHandler] = {CardNotPinned: card_not_pinned}
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, results=results) as stage,
    ):
        await stage.say("groceries 42.10 EUR", chat=GROUP, user=BO)
        event = CardNotPinned("card-1")
        (said,) = await stage.event(event, GROUP)
        assert "may not pin" in said.text
        assert await stage.event(event, GROUP) == []


async def test_the_name_of_a_setting_opens_its_page(stage: Stage) -> None:
    for words in ("currency", "currency XXX", "time zone", "quiet"):
        (said,) = await stage.say(f"/settings {words}")
        assert "can’t set" not in said.text, words
        assert "‹ Back" in said.buttons, words
    (said,) = await stage.say("/settings nonsense")
    assert "/settings month start 25" in said.text


async def test_undo_of_a_pause_says_that_pushes_come_again(stage: Stage) -> None:
    await stage.say("/settings quiet 22-7")
    await stage.say("/settings pause week")
    (said,) = await stage.say("/undo")
    assert "come again" in said.text
    assert "22:00" not in said.text, "quiet hours stayed as they are"
    (said,) = await stage.say("/redo")
    assert "until Fri 27 Nov" in said.text


async def test_an_english_name_of_a_setting_opens_it_in_every_language(stage: Stage) -> None:
    await stage.say("/settings language de")
    for words, page in (("trip", "Reise"), ("language", "Sprache"), ("sprache", "Sprache")):
        (said,) = await stage.say(f"/settings {words}")
        assert page in said.text
        assert "kann ich nicht einstellen" not in said.text
        assert "‹ Zurück" in said.buttons

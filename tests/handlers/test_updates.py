"""Every callback: commands, texts, files, membership, edits, locations, errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from telegram.ext import CommandHandler

from handlers import HANDLERS, LATER
from handlers.commands.start import COMMANDS as KNOWN
from ledger.entries.queries import EntryFilter
from ledger.errors import InputError
from ledger.formats.known import FORMAT_NAMES
from ledger.periods.period import Period
from ports.jobs import (
    ExportWritten,
    ReceiptRead,
    TranscribeVoice,
    UnreadFile,
    WriteExport,
    load_job,
)
from replies import job_results
from services.ai_policy import AiPolicy
from services.entering import Entering, InstallationDefaults
from services.entries.history import History
from storage import open_database
from tests.handlers.stage import ANN, BO, GROUP, Stage, open_stage

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1), "month")
COMMANDS: dict[str, str] = {
    # command: words of its answer
    "/start": "coffee",
    "/help": "/settings",
    "/help budgets": "budget",
    "/add coffee 4.50": "4.50",
    "/income salary 100": "100",
    "/summary": "Nov",
    "/summary last month": "Oct",
    "/list": "ntries",
    "/list coffee": "coffee",
    "/list food": "lunch",
    "/sumary": "/summary",
    "/einstelungen": "/settings",
    "/Zusammenfassung": "/summary",
    "/hlep": "coffee",
    "/find coffee": "coffee",
    "/ask how much on coffee this month?": "coffee",
    "/ask": "/ask",
    "/redo": "",
    "/budget": "udget",
    "/budget groceries 100": "100",
    "/budget nonsense": "",
    "/budgets": "udget",
    "/rate": "no rate is in use",
    "/rate USD": "1 USD = ? EUR",
    "/rate 1 USD = 0.90 EUR": "1 USD = 0.90 EUR",
    "/rate 1 USD = 0.90 EUR on 2026-11-12": "Thu 12 Nov",
    "/rate USD off": "no rate for USD",
    "/rate 1 USD = 0 EUR": "above zero",
    "/rate 1 USD = -0.9 EUR": "above zero",
    "/rate 1 USD = 0.9 GBP": "EUR on one side",
    "/rate 1 EUR = 1 EUR": "two currencies",
    "/rate 1 USD = 9999999999999 EUR": "too large",
    "/rate nonsense": "/rate 1 USD = 0.90 EUR",
    "/rate 1 EUR = 1,450 ARS": "Which rate",
    "/settings": "",
    "/settings month start 25": "Day 25",
    "/settings last working day": "Last working day",
    "/settings nonsense": "month start",
    "/summary last quarter": "Quarter 1 Jul",
    "/summary 2026-Q3": "Quarter 1 Jul",
    "/summary fortnight": "Fortnight",
    "/list quarter": "Quarter 1 Oct",
    "/forget": "",
    "/split": "",
    "/nosuchcommand": "/help",
    "/summary the year dot": "",
    "/export docx": "docx",
}


@pytest.mark.parametrize("command", COMMANDS)
async def test_every_command_is_answered(stage: Stage, command: str) -> None:
    await stage.say("lunch 12.00")
    (answer,) = await stage.say(command)
    assert COMMANDS[command].casefold() in answer.text.casefold()


async def test_an_export_starts_its_job_and_its_file_is_the_answer(stage: Stage) -> None:
    await stage.say("lunch 12.00")
    assert await stage.say("/export csv last month") == []
    (job,) = await stage.jobs()
    asked = load_job(WriteExport, job.values, ANN)
    assert asked.filter.period is not None
    assert (asked.format, asked.filter.period.start) == ("csv", OCTOBER.start)


@pytest.mark.parametrize(
    ("words", "form", "narrowed"),
    [
        ("", "csv", EntryFilter()),
        ("xlsx", "xlsx", EntryFilter()),
        ("last month", "csv", EntryFilter(period=OCTOBER)),
        ("groceries", "csv", EntryFilter(categories=("groceries",))),
        ("pdf groceries", "pdf", EntryFilter(categories=("groceries",))),
        ("lunch", "csv", EntryFilter(words="lunch")),
        ("zip lunch last month", "zip", EntryFilter(words="lunch", period=OCTOBER)),
    ],
)
async def test_an_export_takes_a_format_and_a_filter(
    stage: Stage, words: str, form: str, narrowed: EntryFilter
) -> None:
    await stage.say("lunch 12.00")
    assert await stage.say(f"/export {words}") == []
    (job,) = await stage.jobs()
    asked = load_job(WriteExport, job.values, ANN)
    which = asked.filter
    found = (which.words, which.categories, which.period and which.period.start)
    wanted = (narrowed.words, narrowed.categories, narrowed.period and narrowed.period.start)
    assert (asked.format, found) == (form, wanted)


async def test_an_unknown_format_offers_all_formats(stage: Stage) -> None:
    await stage.say("lunch 12.00")
    (offered,) = await stage.say("/export docx")
    assert "docx" in offered.text
    assert len(offered.buttons) == len(FORMAT_NAMES)
    # Words behind a format, or near a category's name, cannot have been meant as a format.
    for words in ("zip docx", "grocerys"):
        (refused,) = await stage.say(f"/export {words}")
        assert words.split()[-1] in refused.text


async def test_a_refused_export_says_what_to_do(sqlite_url: str) -> None:
    results: Any = {ExportWritten: job_results.export_written}
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, results=results) as stage,
    ):
        await stage.say("lunch 12.00")
        refusal = UnreadFile("export_too_many", {"format": "pdf", "limit": 5000})
        (told,) = await stage.event(ExportWritten((), refusal), ANN)
    assert "5,000" in told.text
    assert "/export pdf 2026-09" in told.text


def test_an_export_job_of_the_release_before_is_understood() -> None:
    stored = {"ledger_id": 1, "format": "csv", "start": "2026-10-01", "end": "2026-11-01"}
    asked = load_job(WriteExport, stored, ANN)
    assert asked.filter == EntryFilter(period=Period(OCTOBER.start, OCTOBER.end))


async def test_undo_and_redo_edit_the_confirmation(stage: Stage) -> None:
    (booked,) = await stage.say("lunch 12.00")
    undone, edited = await stage.say("/undo")
    assert not undone.is_edit
    assert (edited.is_edit, edited.message_id) == (True, booked.message_id)
    _, again = await stage.say("/redo")
    assert "12.00" in again.text


async def test_a_wordless_message_and_a_location_are_answered(stage: Stage) -> None:
    sticker = {
        "file_id": "s",
        "file_unique_id": "s",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": False,
        "is_video": False,
    }
    (answer,) = await stage.send(sticker=sticker)
    assert answer.text
    (zones,) = await stage.send(location={"latitude": 48.86, "longitude": 2.35})
    assert any("Paris" in label for label in zones.buttons)
    assert await stage.send(chat=GROUP, location={"latitude": 48.86, "longitude": 2.35}) == []


async def test_an_edited_message_changes_its_entry_in_place(stage: Stage) -> None:
    (booked,) = await stage.say("lunch 12.00", message_id=500)
    (card,) = await stage.edit(500, text="lunch 18.00")
    assert (card.is_edit, card.message_id) == (True, booked.message_id)
    assert "18.00" in card.text
    assert await stage.edit(500, text="lunch  18.00") == [], "nothing is changed"
    # A live location moves by edits; a group hears nothing about chatter.
    assert await stage.edit(502, location={"latitude": 1.0, "longitude": 1.0}) == []
    await stage.say("lunch 12.00", chat=GROUP, message_id=600)
    assert await stage.edit(601, chat=GROUP, text="hello") == []
    assert len(await stage.edit(600, chat=GROUP, text="lunch 18.00")) == 1


async def test_others_words_in_a_group_enter_no_chat(stage: Stage) -> None:
    origin = {"type": "hidden_user", "sender_user_name": "x", "date": 1}
    assert await stage.say("lunch 12.00", chat=GROUP, forward_origin=origin) == []
    assert await stage.run(lambda r: r.chats.find(GROUP)) is None


async def test_a_photo_is_announced_read_and_told(sqlite_url: str) -> None:
    results: Any = {ReceiptRead: job_results.receipt_read}
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, results=results) as stage,
    ):
        photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
        (reading,) = await stage.send(photo=photo)
        (job,) = await stage.jobs()
        ledger_id, receipt_id = job.values["ledger_id"], str(job.values["receipt_id"])
        assert isinstance(ledger_id, int)
        event = ReceiptRead(ledger_id, receipt_id, refusal=UnreadFile("not_a_picture"))
        (told,) = await stage.event(event, ANN)
        assert (told.is_edit, told.message_id) == (True, reading.message_id)
        assert await stage.event(event, ANN) == [], "a repeated event is told once"
        (too_large,) = await stage.send(
            document={"file_id": "d", "file_unique_id": "d", "file_size": 1 << 30}
        )
        assert "20 MB" in too_large.text or too_large.text


async def test_a_voice_note_is_transcribed_only_where_a_model_may(sqlite_url: str) -> None:
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3, "file_size": 9}
    async with open_database(sqlite_url) as database:
        async with open_stage(database) as stage:
            (refused,) = await stage.send(voice=voice)
            assert refused.text
        async with open_stage(database, ai_policy=AiPolicy(voices=True)) as stage:
            stage.numbers = iter(range(1000, 9999))  # type: ignore[assignment]
            (listening,) = await stage.send(voice=voice)
            assert listening.text != refused.text
            (job,) = await stage.jobs()
            assert load_job(TranscribeVoice, job.values, job.partition).file_id == "v"
            assert await stage.send(voice=voice, chat=GROUP) == []


def membership(chat: dict[str, Any], old: str, new: str, user: int) -> dict[str, Any]:
    person = {"id": user, "is_bot": user == 1, "first_name": "x"}
    rights = dict.fromkeys(
        [
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ],
        False,
    )
    return {
        "chat": chat,
        "from": {"id": ANN, "is_bot": False, "first_name": "Ann"},
        "date": 1,
        "old_chat_member": {"user": person, "status": old, "until_date": 0, **rights},
        "new_chat_member": {"user": person, "status": new, "until_date": 0, **rights},
    }


async def test_membership_mutes_asks_for_admins_and_marks_who_left(stage: Stage) -> None:
    group = {"id": GROUP, "type": "supergroup", "title": "Home"}
    joined = membership(group, "left", "member", 1)
    (hello,) = await stage.update({"my_chat_member": joined}, GROUP)
    assert "84 EUR" in hello.text
    assert [job.kind for job in await stage.jobs()] == ["admins"]
    await stage.say("tea 2.00", user=BO, chat=GROUP)
    left = membership(group, "member", "left", BO)
    await stage.update({"chat_member": left}, GROUP)
    presence = await stage.run(lambda r: r.chats.find(GROUP, BO))
    assert presence is not None
    assert presence.member is not None
    assert presence.member.left
    removed = membership(group, "member", "kicked", 1)
    await stage.update({"my_chat_member": removed}, GROUP)
    presence = await stage.run(lambda r: r.chats.find(GROUP))
    assert presence is not None
    assert presence.chat.muted


async def test_a_group_that_migrates_keeps_its_ledger(stage: Stage) -> None:
    await stage.say("tea 2.00", chat=GROUP)
    await stage.send(chat=GROUP, migrate_to_chat_id=-200)
    moved = await stage.run(lambda r: r.chats.find(-200))
    assert moved is not None
    left = {"id": BO, "is_bot": False, "first_name": "Bo"}
    await stage.send(chat=-200, left_chat_member=left)


async def test_what_was_written_before_an_error_is_rolled_back_and_explained_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.say("tea 2.00")

    def write_then_fail(self: History, scope: Any) -> None:  # noqa: ANN401
        scope.repositories.chats.rename(ANN, "written before the error")
        raise InputError("period_unknown", words="x")

    monkeypatch.setattr(History, "undo", write_then_fail)
    (told,) = await stage.say("/undo")
    assert told.text
    presence = await stage.run(lambda r: r.chats.find(ANN))
    assert presence is not None
    assert presence.chat.title != "written before the error"
    assert await stage.database.inbox.count() == 0


async def test_a_first_message_that_fails_is_explained_and_makes_its_author_a_member(
    stage: Stage,
) -> None:
    (told,) = await stage.say("/summary the year dot", user=BO, chat=GROUP)
    assert "dot" in told.text
    presence = await stage.run(lambda r: r.chats.find(GROUP, BO))
    assert presence is not None
    assert presence.member is not None


def test_settings_of_a_stranger_are_guessed_without_a_chat() -> None:
    entering = Entering(InstallationDefaults("EUR", "Europe/Berlin", "en"))
    assert entering.guess("de-AT").language.startswith("de")
    assert entering.guess(None) == replace(entering.guess(None))


async def test_texts_are_booked_and_replies_correct(stage: Stage) -> None:
    (booked,) = await stage.say("lunch 12.00")
    reply_to = {
        "message_id": booked.message_id,
        "date": 1,
        "chat": {"id": ANN, "type": "private"},
    }
    shown = await stage.say("13.50", reply_to_message=reply_to)
    assert "13.50" in shown[0].text
    place = await stage.run(lambda r: r.chats.find(ANN))
    assert place is not None
    ledger_id = place.chat.ledger.id
    assert await stage.run(lambda r: r.entries.count(ledger_id, EntryFilter())) == 1


def test_no_handler_leaves_the_unit_of_work() -> None:
    assert all(handler.block for handler in HANDLERS)


def test_mistyped_commands_are_compared_with_those_that_there_are() -> None:
    handled = {name for one in HANDLERS if isinstance(one, CommandHandler) for name in one.commands}
    assert set(KNOWN) == handled - set(LATER)


@pytest.mark.parametrize("text", ["GMT+3", "utc-5", "time zone Lisbon", "Zeitzone: Berlin"])
async def test_a_time_zone_is_offered_and_never_booked(stage: Stage, text: str) -> None:
    (answer,) = await stage.say(text)
    assert answer.buttons
    assert "€" not in answer.text


async def test_a_setting_of_a_group_is_its_admins_and_told_to_all(stage: Stage) -> None:
    await stage.say("dinner 84 EUR", chat=GROUP)
    (page,) = await stage.say("/settings", chat=GROUP)
    (currencies,) = await stage.press(page, "Currency")
    (refused,) = await stage.press(currencies, "USD")
    assert "admin" in refused.text
    await stage.run(lambda r: r.chats.set_admins(GROUP, [ANN]))
    told = await stage.press(currencies, "USD")
    assert any("Ann" in one.text and "USD" in one.text for one in told)


async def test_settings_take_a_currency_a_zone_and_a_language_in_words(stage: Stage) -> None:
    await stage.say("lunch 12.00")
    (set_to,) = await stage.say("/settings language de")
    assert "Eingestellt: Sprache · Deutsch" in set_to.text
    for words, said in {
        "Sprache Englisch": "Set: Language · English",
        "currency swiss francs": "Set: Currency · CHF",
        "time zone Zurich": "Set: Time zone · Zurich",
        "language polish": "I read Polish",
        "language de-AT": "Eingestellt: Sprache · Deutsch",
        "Währung Euro": "Eingestellt: Währung · EUR",
    }.items():
        answers = await stage.say(f"/settings {words}")
        assert said in answers[0].text, words
    # What is not known changes nothing and says so, with the choices as buttons.
    for words, said in {
        "Sprache klingonisch": "klingonisch",
        "Währung Taler": "Taler",
        "Zeitzone Nirgendwo": "Zeitzone",
    }.items():
        (refused,) = await stage.say(f"/settings {words}")
        assert said in refused.text
        assert refused.buttons, words


async def test_a_search_without_words_says_what_they_may_be(stage: Stage) -> None:
    await stage.say("lunch 12.00")
    (found,) = await stage.say("/find")
    assert "/find coffee" in found.text
    assert "lunch" in found.text
    (found,) = await stage.say("/find lunch")
    assert "/find coffee" not in found.text


ASKED_IN_GROUPS = {
    # A group's words that are plainly about money, and the words of the question or the reason.
    "paid coffee 3 or 4 euros": "3",
    "lunch 15€ taxi 8": "lunch",
    "pizza 12,50€ on 31.2.2026": "31",
    "paid 24€ on 31.12.2026 for the cinema": "future",
}
CHATTER = (
    "3 or 4 of us",
    "meet at 7 or 8",
    "we won 3 to 2",
    "are you 5 or 6?",
    "concert on 31.12.2026 at 8",
    "room 12 or 14",
    "hotel 80€ or 100€ per night",
    "flight 120€ or train 90€",
    "party on 31.12.2027, 20€ entry",
)


async def test_a_group_is_asked_where_money_is_plain_and_its_amount_is_not(stage: Stage) -> None:
    for text, words in ASKED_IN_GROUPS.items():
        answers = await stage.say(text, chat=GROUP)
        assert answers, text
        assert words in answers[0].text + " ".join(answers[0].buttons), text
    (asked,) = await stage.say("paid 3 or 4 € for coffee", chat=GROUP)
    assert {"€3.00 paid for coffee", "€4.00 paid for coffee"} <= set(asked.buttons)
    for text in CHATTER:
        assert await stage.say(text, chat=GROUP) == [], text

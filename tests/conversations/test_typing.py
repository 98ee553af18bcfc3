"""Typed entries, as a person sees them: the whole bot, over HTTP."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


async def test_a_lunch_is_confirmed_at_once_without_any_set_up(ann: Talk) -> None:
    answer = await ann.say("lunch 4.50")
    assert "4.50" in answer.text
    assert "lunch" in answer.text
    assert any("Category" in label for label in answer.labels)
    assert any("Delete" in label for label in answer.labels)
    await ann.silence()


async def test_a_category_is_one_tap_away_and_remembered(ann: Talk) -> None:
    answer = await ann.say("frobnicate 9")
    grid = await ann.press(answer, "More")
    chosen = await ann.press(grid, "Education")
    assert "Education" in chosen.text
    again = await ann.say("frobnicate 11")
    assert "Education" in again.text
    assert "?" not in again.text


async def test_delete_offers_its_own_undo(ann: Talk) -> None:
    answer = await ann.say("tea 3")
    deleted = await ann.press(answer, "Delete")
    assert "tea" in deleted.text
    back = await ann.press(deleted, "Undo")
    assert "tea" in back.text
    assert any("Delete" in label for label in back.labels)


async def test_undo_takes_back_and_the_confirmation_follows(ann: Talk) -> None:
    answer = await ann.say("bread 2.20")
    undone = await ann.say("/undo")
    assert "bread" in undone.text
    followed = await ann.sim.edit_of(answer)
    assert not any("Category" in label for label in followed.labels)
    redone = await ann.say("/redo")
    assert "bread" in redone.text


async def test_a_reply_corrects_the_entry_it_answers(ann: Talk) -> None:
    answer = await ann.say("dinner 40")
    corrected = await ann.say("total 53.90", reply_to=answer)
    assert "53.90" in corrected.text
    summary = await ann.say("/list")
    assert "53.90" in summary.text
    assert "40.00" not in summary.text


async def test_a_confirmation_that_was_corrected_keeps_no_wrong_figure(ann: Talk) -> None:
    answer = await ann.say("supper 40")
    await ann.say("total 41.50", reply_to=answer)
    struck = await ann.sim.edit_of(answer)
    assert struck.labels == []
    second = await ann.say("total 42.50", reply_to=answer)
    await ann.say("total 43.50", reply_to=answer)
    assert (await ann.sim.edit_of(second)).labels == []
    assert "supper" in struck.text
    assert "4" not in struck.text, "a later change may make any amount the current one"


async def test_a_reply_that_names_a_group_is_asked_which_category(ann: Talk) -> None:
    answer = await ann.say("frittata 7")
    asked = await ann.say("food", reply_to=answer)
    assert {label.removeprefix("✓ ")[2:].strip() for label in asked.labels[:2]} == {
        "Groceries",
        "Eating out",
    }
    filed = await ann.press(asked, "Groceries")
    assert "Groceries" in filed.text


async def test_a_message_about_several_entries_is_undone_and_redone_as_a_whole(ann: Talk) -> None:
    answer = await ann.say("tea 3; cake 4; bread 2.50")
    await ann.say("/undo")
    gone = await ann.sim.edit_of(answer)
    assert [line.split()[-1] for line in gone.text.splitlines()] == ["tea", "cake", "bread"]
    assert gone.labels == []
    await ann.say("/redo")
    back = await ann.sim.edit_of(answer)
    assert "9.50" in back.text
    assert len(back.labels) == 3


async def test_entries_of_one_message_are_listed_in_its_order(ann: Talk) -> None:
    await ann.say("\n".join(f"thing{number} {number + 1}" for number in range(8)))
    listed = await ann.say("/find thing")
    order = [word for word in listed.text.split() if word.startswith("thing")]
    assert order == [f"thing{number}" for number in reversed(range(8))]


async def test_budget_without_words_explains_itself_and_budgets_shows_all(ann: Talk) -> None:
    await ann.say("/budget food 400")
    assert "/budget food 400" in (await ann.say("/budget")).text
    assert "Food" in (await ann.say("/budgets")).text


async def test_undo_says_which_budget_is_back_at_what(ann: Talk) -> None:
    await ann.say("/budget groceries 300")
    await ann.say("/budget groceries 200")
    undone = await ann.say("/undo")
    assert "Groceries" in undone.text
    assert "300.00" in undone.text
    gone = await ann.say("/undo")
    assert "Groceries" in gone.text
    assert "300.00" not in gone.text


async def test_undo_of_a_setting_names_it_and_speaks_by_it(ann: Talk) -> None:
    await ann.say("soup 6")
    shown = await ann.say("/settings")
    page = await ann.press(shown, "Currency")
    await ann.press(page, "USD")
    undone = await ann.say("/undo")
    assert "EUR" in undone.text
    assert "soup" not in undone.text
    await ann.silence()


async def test_a_question_about_amounts_is_settled_by_typing_one_of_them(ann: Talk) -> None:
    asked = await ann.say("rent 850 dia 5")
    booked = await ann.say("850", reply_to=asked)
    assert "rent" in booked.text
    assert "850.00" in booked.text
    listed = await ann.say("/list")
    assert listed.text.count("€") == 1


async def test_a_sticker_is_answered_and_a_video_speaks_by_its_caption(ann: Talk) -> None:
    def feed(number: int, **content: object) -> None:
        message = {
            "message_id": number,
            "date": ann.sim.telegram.date(),
            "chat": ann.chat.to_json(),
            "from": ann.person.to_json(),
            **content,
        }
        ann.sim.feed({"message": message}, partition=ann.chat.id)

    feed(7001, location={"latitude": 48.9, "longitude": 2.4})
    assert any("Paris" in label for label in (await ann.hear()).labels)
    video = {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}
    feed(7002, video=video, caption="lunch 12.75")
    assert "12.75" in (await ann.hear()).text
    feed(7003, pinned_message={"message_id": 7001, "date": 0, "chat": ann.chat.to_json()})
    feed(7004, something_of_next_year={})
    await ann.silence()


async def test_the_entries_of_a_summary_take_its_place(ann: Talk) -> None:
    await ann.say("melon 5")
    summary = await ann.say("/summary")
    listed = await ann.press(summary, "Entries")
    assert "melon" in listed.text
    assert listed.message_id == summary.message_id


async def test_words_that_are_no_period_are_looked_for(ann: Talk) -> None:
    await ann.say("tiles 80")
    listed = await ann.say("/list coffee last month")
    assert "coffee" in listed.text
    refused = await ann.say("/summary coffee last month")
    assert "coffee" in refused.text
    assert "/summary" in refused.text


async def test_a_good_part_is_booked_and_a_bad_one_is_named(ann: Talk) -> None:
    answer = await ann.say("coffee 4.50\ntea 0")
    assert "4.50" in answer.text
    assert "tea" in answer.text


async def test_a_question_gets_one_answer_and_books_nothing(ann: Talk) -> None:
    await ann.say("is 5 enough?")
    await ann.silence()
    listed = await ann.say("/list")
    assert "5.00" not in listed.text


async def test_markup_in_a_note_is_only_text(ann: Talk) -> None:
    answer = await ann.say("<b>bold</b> & <script> 5")
    assert "<b>bold</b> & <script>" in answer.text


@pytest.mark.parametrize(
    ("command", "word"),
    [
        # Every command answers, however bare the ledger.
        ("/start", "Kvitto"),
        ("/help", "/summary"),
        ("/summary", ""),
        ("/list", ""),
        ("/budgets", ""),
        ("/settings", ""),
        ("/undo", ""),
        # What is to come, and what never was.
        ("/recurring", ""),
        ("/split", "/help"),
        ("/nonsense", "/help"),
        # Wrong words are explained.
        ("/summary blurb", ""),
        ("/budget blurb blurb", ""),
        ("/export pdf", ""),
    ],
)
async def test_every_command_gets_exactly_one_answer(ann: Talk, command: str, word: str) -> None:
    answer = await ann.say(command)
    assert answer.text
    assert word in answer.text
    await ann.silence()


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ("/export", ".csv"),
        ("/export json", ".json"),
        # Format and period are both optional.
        ("/export last month", ".csv"),
        ("/export json last month", ".json"),
        ("/export 2026-09", ".csv"),
    ],
)
async def test_an_export_takes_a_format_a_period_both_or_none(
    ann: Talk, command: str, ending: str
) -> None:
    answer = await ann.say(command)
    assert answer.data["document"]["file_name"].endswith(ending)
    await ann.silence()

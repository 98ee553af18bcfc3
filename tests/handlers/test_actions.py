"""Every action of a button, pressed where the bot offers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from handlers.buttons.actions import ACTIONS
from ledger.entries.queries import EntryFilter
from ledger.imports.batches import Found, ImportBatch, ImportState
from ledger.inquiries import Query, QueryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Settings
from ledger.stored_receipts import Receipt
from ledger.text import BudgetWords
from ports.messages import Action, Button, Outgoing, Reply
from ports.repositories import Repositories
from presentation import buttons
from services.access.sessions import count_running, open_session
from storage import open_database
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage, open_stage

MONTH = Period(date(2026, 11, 1), date(2026, 12, 1), "month")
EUR_100 = Money(Decimal(100), "EUR")

Try = Callable[[Stage], Awaitable[None]]
TRIES: dict[str, Try] = {}
"""What each action is pressed for, by the action's name."""


def tries(action: str) -> Callable[[Try], Try]:
    """Register the test of an action."""

    def register(test: Try) -> Try:
        TRIES[action] = test
        return test

    return register


async def offer(stage: Stage, *actions: Action) -> Shown:
    """Send a message whose buttons have these actions."""
    rows = tuple((Button(f"{number}", action),) for number, action in enumerate(actions))
    async with stage.database.units.open(now=stage.now) as unit:
        unit.send(Outgoing(ANN, f"offer{next(stage.numbers)}", Reply("offer", rows)))
    (shown,) = await stage.deliver()
    return shown


async def press(stage: Stage, action: Action) -> list[Shown]:
    """Press a button with this action; see to it that the press is not refused."""
    shown = await offer(stage, action)
    assert await stage.notice(shown, shown.data("0")) == {}
    return await stage.press(shown, "0")


async def book(stage: Stage, text: str = "coffee 4.50") -> tuple[Shown, str]:
    """Book an entry; return its confirmation and its id."""
    (shown,) = await stage.say(text)
    entries = await stage.run(lambda r: r.entries.page(_ledger(r), EntryFilter(), limit=1))
    return shown, entries[0].id


async def count(stage: Stage) -> int:
    return await stage.run(lambda r: r.entries.count(_ledger(r), EntryFilter()))


def _ledger(repositories: Repositories) -> int:
    place = repositories.chats.find(ANN)
    assert place is not None
    return place.chat.ledger.id


async def take_in(stage: Stage, state: ImportState) -> None:
    """Keep an imported file in some state, with one new row."""
    await book(stage)
    found = Found("bank_csv", {"new": 1}, choices={"sign": ("expenses", "incomes")})

    def work(repositories: Repositories) -> None:
        ledger_id = _ledger(repositories)
        batch = ImportBatch(
            "i", ledger_id, "tg:1:1", ANN, "f", "a.csv", state, stage.now, found=found
        )
        repositories.imports.add(batch)

    await stage.run(work)


@tries("import_answer")
async def an_answer_about_a_file_has_it_read_again(stage: Stage) -> None:
    await take_in(stage, "asking")
    (reading,) = await press(stage, buttons.import_answer("i", "sign", "expenses"))
    assert "Reading" in reading.text


@tries("import_write")
async def a_file_is_written_by_a_job(stage: Stage) -> None:
    await take_in(stage, "ready")
    (writing,) = await press(stage, buttons.import_write("i", with_probable=False))
    assert "Importing" in writing.text


@tries("import_page")
async def a_preview_turns_to_another_page(stage: Stage) -> None:
    await take_in(stage, "ready")
    (page,) = await press(stage, buttons.import_page("i", "reading"))
    assert "Back" in " ".join(page.buttons)


@tries("import_list")
async def the_rows_of_a_preview_are_sent_by_a_job(stage: Stage) -> None:
    await take_in(stage, "ready")
    await press(stage, buttons.import_list("i"))
    assert "import" in " ".join(job.kind for job in await stage.jobs())


@tries("import_cancel")
async def a_file_is_left_out(stage: Stage) -> None:
    await take_in(stage, "ready")
    (cancelled,) = await press(stage, buttons.import_cancel("i"))
    assert "left out" in cancelled.text


@tries("import_reverse")
async def a_written_file_is_undone_by_a_job(stage: Stage) -> None:
    await take_in(stage, "done")
    (undoing,) = await press(stage, buttons.import_reverse("i", redo=False))
    assert "Undoing" in undoing.text


@tries("categories")
@tries("show")
async def grid_and_back(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (grid,) = await press(stage, buttons.categories(entry_id))
    assert grid.is_edit
    assert len(grid.buttons) > 8
    (back,) = await press(stage, buttons.show(entry_id))
    assert "4.50" in back.text


@tries("category")
async def another_category(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (changed, *_) = await press(stage, buttons.category(entry_id, "health"))
    assert changed.is_edit
    assert "Health" in changed.text


@tries("open")
async def details_are_a_message_of_their_own(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (detail,) = await press(stage, buttons.open_entry(entry_id))
    assert not detail.is_edit
    assert "coffee" in detail.text


@tries("correct")
async def a_correction_chosen_for_one_of_several(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (changed, *_) = await press(stage, buttons.correct(entry_id, "5.25"))
    assert "5.25" in changed.text


@tries("dates")
@tries("date")
async def another_day(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (days,) = await press(stage, buttons.dates(entry_id))
    assert days.is_edit
    (moved, *others) = await press(
        stage, buttons.move(entry_id, stage.now.date() - timedelta(days=1))
    )
    assert "yesterday" in moved.text
    assert all("yesterday" in other.text for other in others), "every card of the entry follows"


@tries("merchant")
async def another_shop(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (named, *_) = await press(stage, buttons.merchant(entry_id, "Lidl"))
    assert "Lidl" in named.text


@tries("edit")
@tries("calendar")
async def everything_that_can_be_changed(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (page,) = await press(stage, buttons.edit(entry_id))
    assert page.is_edit
    assert len(page.buttons) == 9
    (month,) = await press(stage, buttons.calendar(entry_id, stage.now.date()))
    assert month.is_edit
    assert "19" in month.buttons


@tries("prompt")
async def a_note_is_asked_for(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (asked,) = await press(stage, buttons.prompt(entry_id, "note"))
    assert asked.is_edit
    (answer, *_) = await stage.say("latte")
    assert "latte" in answer.text
    assert await count(stage) == 1


@tries("payers")
@tries("payer")
async def another_payer(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (choice,) = await press(stage, buttons.payers(entry_id))
    assert list(choice.buttons) == ["✓ Ann", "‹ Back"]
    (refused,) = await press(stage, buttons.payer(entry_id, BO))
    assert not refused.is_edit, "Bo is not here"
    assert await press(stage, buttons.payer(entry_id, ANN))


@tries("again")
async def the_same_is_booked_once_a_button(stage: Stage) -> None:
    _, entry_id = await book(stage)
    card, copy = await press(stage, buttons.again(entry_id))
    assert card.is_edit
    assert not copy.is_edit
    assert await count(stage) == 2


@tries("currencies")
@tries("currency")
async def another_currency(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (choice,) = await press(stage, buttons.currencies(entry_id))
    assert choice.is_edit
    (changed, *_) = await press(stage, buttons.currency(entry_id, "USD"))
    assert "$4.50" in changed.text


@tries("delete")
@tries("restore")
async def deleted_and_back(stage: Stage) -> None:
    _, entry_id = await book(stage)
    await press(stage, buttons.delete(entry_id))
    assert await count(stage) == 0
    assert await press(stage, buttons.delete(entry_id)) != [], "the second press is answered"
    await press(stage, buttons.restore(entry_id))
    assert await count(stage) == 1


@tries("picture")
async def a_receipts_picture(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (none,) = await press(stage, buttons.picture(entry_id))
    assert "picture" in none.text

    def attach(repositories: Repositories) -> None:
        ledger_id = _ledger(repositories)
        receipt = Receipt(
            id="r",
            ledger_id=ledger_id,
            source="tg:7:1",
            user_id=ANN,
            file_ref="f",
            file_name="",
            caption="",
            state="booked",
            received_at=stage.now,
        )
        repositories.receipts.add(receipt)
        repositories.receipts.save(replace(receipt, clean_key="clean"))
        entry = repositories.entries.get(ledger_id, entry_id)
        repositories.entries.save(replace(entry, receipt_id="r"))

    await stage.run(attach)
    (picture,) = await press(stage, buttons.picture(entry_id))
    attachment = picture.message.payload["attachment"]
    assert isinstance(attachment, dict)
    assert attachment["blob_key"] == "clean"


@tries("answer")
async def a_question_is_answered_once(stage: Stage) -> None:
    (asked,) = await stage.say("gloves 5m")
    label = next(iter(asked.buttons))
    (booked, *_) = await stage.press(asked, label)
    assert booked.is_edit
    assert await count(stage) == 1
    await stage.press(asked, label)
    assert await count(stage) == 1


@tries("page")
async def pages_turn(stage: Stage) -> None:
    for number in range(12):
        await stage.say(f"thing {number + 1}.50")
    (first,) = await stage.say("/list")
    (second,) = await stage.press(first, "older")
    assert second.is_edit
    assert second.text != first.text


async def test_a_list_of_one_category_keeps_to_it(stage: Stage) -> None:
    await stage.say("\n".join(f"coffee {number}.50" for number in range(1, 10)))
    await stage.say("bus ticket 3")
    (first,) = await stage.say("/list eating out")
    (second,) = await stage.press(first, "older")
    assert "9–9 of 9" in second.text or "9 of 9" in second.text
    assert "bus" not in second.text


@tries("found")
async def the_entries_of_a_filter_are_listed(stage: Stage) -> None:
    await book(stage)
    (listed,) = await press(stage, buttons.found(EntryFilter(MONTH, words="coffee")))
    assert not listed.is_edit
    assert "coffee" in listed.text


@tries("inquiry")
async def a_query_is_answered(stage: Stage) -> None:
    await book(stage)
    query = Query("count", filter=QueryFilter(MONTH, words="coffee"))
    (answered,) = await press(stage, buttons.inquiry(query))
    assert not answered.is_edit
    assert "once" in answered.text


@tries("summary")
async def a_period_is_summed_up(stage: Stage) -> None:
    await book(stage)
    (summed,) = await press(stage, buttons.summary(EntryFilter(MONTH)))
    assert summed.is_edit
    assert "4.50" in summed.text


@tries("look")
async def an_entry_is_shown_in_place_of_its_page(stage: Stage) -> None:
    _, entry_id = await book(stage)
    (shown,) = await press(stage, buttons.look(entry_id, EntryFilter(MONTH), ()))
    assert shown.is_edit
    assert "coffee" in shown.text


@tries("entries")
async def the_entries_of_a_period_are_listed(stage: Stage) -> None:
    await book(stage)
    (listed,) = await press(stage, buttons.entries(MONTH))
    assert not listed.is_edit
    assert "coffee" in listed.text


@tries("budgets")
@tries("budget_set")
@tries("budget_pick")
@tries("budget_off")
async def budgets_by_buttons(stage: Stage) -> None:
    await book(stage)
    (picked,) = await press(stage, buttons.budget_pick("groceries"))
    assert picked.is_edit
    (is_set,) = await press(stage, buttons.budget_set("groceries", EUR_100, BudgetWords()))
    assert "100" in is_set.text
    (all_of_them,) = await press(stage, buttons.budgets())
    assert "Groceries" in all_of_them.text
    (off,) = await press(stage, buttons.budget_off("groceries", "month"))
    assert off.is_edit
    (none,) = await press(stage, buttons.budget_off("groceries", "month"))
    assert none.text != off.text, "the second press says that there is none"
    # Keyboards from before a scope could have several budgets name no period.
    (old,) = await press(stage, Action("budget_set", ("groceries", 100_00, "EUR", "week")))
    assert "100" in old.text
    (gone,) = await press(stage, Action("budget_off", ("groceries",)))
    assert "/undo" in gone.text


@tries("set_all")
async def several_settings_by_one_button(stage: Stage) -> None:
    await stage.say("/start")
    last_workday = buttons.set_all({"month_start": 31, "month_workday": True}, "month_start")
    (page,) = await press(stage, last_workday)
    assert page.is_edit
    place = await stage.run(lambda r: r.chats.find(ANN))
    assert place is not None
    assert (place.chat.settings.month_start, place.chat.settings.month_workday) == (31, True)


@tries("rate_set")
async def a_doubted_rate(stage: Stage) -> None:
    await stage.say("/rate 1 USD = 0.90 EUR")
    (doubt,) = await stage.say("/rate 1 USD = 9 EUR")
    assert "far from" in doubt.text
    (done,) = await stage.press(doubt, "1 USD = 9.00 EUR")
    assert done.is_edit
    assert "1 USD = 9.00 EUR" in done.text


async def make_series(stage: Stage, text: str = "/recurring rent 850 monthly") -> str:
    """Make a series whose first entry is booked; return its id."""
    await stage.say(text)
    (series,) = await stage.run(lambda r: r.series.list_all(_ledger(r)))
    return series.id


@tries("series_list")
@tries("series")
@tries("series_set")
@tries("series_remove")
async def a_series_is_shown_changed_and_removed(stage: Stage) -> None:
    series_id = await make_series(stage)
    (page,) = await press(stage, buttons.series(series_id, "step"))
    assert page.is_edit
    (page,) = await press(stage, buttons.series_set(series_id, "step", ["week", 2], "step"))
    assert "every 2 weeks" in page.text
    (listed,) = await press(stage, buttons.series_list())
    assert "every 2 weeks" in listed.text
    (gone,) = await press(stage, buttons.series_remove(series_id))
    assert "does not come again" in gone.text


@tries("undo_own")
async def ones_own_change_is_undone(stage: Stage) -> None:
    await stage.say("coffee 4.50")
    undone = (await press(stage, buttons.undo_own()))[0]
    assert "coffee" in undone.text


@tries("feed")
async def a_calendar_link_needs_a_public_address(stage: Stage) -> None:
    await make_series(stage)
    (shown,) = await press(stage, buttons.feed("new"))
    assert "PUBLIC_URL" in shown.text


@tries("tokens")
@tries("token_make")
@tries("token_revoke")
async def a_token_is_made_once_and_revoked(stage: Stage) -> None:
    await book(stage)
    offered = await offer(stage, buttons.token_make("write"))
    (made,) = await stage.press(offered, "0")
    assert "kvitto_" in made.text
    again = await stage.press(offered, "0")
    assert "kvitto_" not in "".join(shown.text for shown in again), "a second press makes none"
    (token,) = await stage.run(lambda r: r.access.list_tokens(_ledger(r)))
    (listed,) = await press(stage, buttons.tokens())
    assert f"…{token.hint}" in listed.text
    (revoked,) = await press(stage, buttons.token_revoke(token.id))
    assert "opens nothing any more" in revoked.text
    assert await stage.run(lambda r: r.access.list_tokens(_ledger(r))) == []


@tries("mail_weekly")
@tries("mail_remove")
async def an_address_for_mail_is_switched_and_removed(stage: Stage) -> None:
    await book(stage)
    (asked,) = await press(stage, buttons.mail_weekly(on=True))
    assert "/settings email" in asked.text, "there is none yet"
    (removed,) = await press(stage, buttons.mail_remove())
    assert "Nothing is sent" in removed.text


@tries("sign_out")
async def a_person_signs_out_everywhere(stage: Stage) -> None:
    await book(stage)
    await stage.run(lambda r: open_session(r, ANN, "proof", stage.now))
    (shown,) = await press(stage, buttons.tokens())
    assert "one browser" in shown.text
    (ended,) = await stage.press(shown, "Sign out everywhere")
    assert "signed out" in ended.text
    assert await stage.run(lambda r: count_running(r, ANN, stage.now)) == 0
    assert await stage.run(lambda r: r.access.was_signed_out("proof"))


@tries("series_amount")
@tries("series_follow")
async def another_amount_of_a_series(stage: Stage) -> None:
    series_id = await make_series(stage)
    card, entry = await press(stage, buttons.series_amount(series_id, EUR_100, "this"))
    assert "850" in card.text
    assert "100.00" in entry.text
    entries = await stage.run(lambda r: r.entries.page(_ledger(r), EntryFilter(), limit=1))
    (card,) = await press(stage, buttons.series_follow(entries[0].id, "on"))
    assert "100.00" in card.text


@tries("series_another")
async def one_more_series_of_a_name(stage: Stage) -> None:
    await make_series(stage)
    (asked,) = await stage.say("/recurring rent 850 monthly on 1")
    (made,) = await stage.press(asked, "Make one more")
    assert "€850.00 rent" in made.text


@tries("series_undo")
@tries("series_pay")
async def a_paid_bill_is_taken_back(stage: Stage) -> None:
    series_id = await make_series(stage, "/remind rent 850 monthly on 1")
    (booked,) = await press(stage, buttons.series_pay(series_id, date(2026, 12, 1)))
    assert "850.00" in booked.text
    (again,) = await press(stage, buttons.series_pay(series_id, date(2026, 12, 1)))
    assert "already" in again.text
    last = await stage.run(lambda r: r.operations.last(_ledger(r), ANN, undone=False))
    assert last is not None
    said = await press(stage, buttons.series_undo(last.id))
    assert any("850.00" in one.text for one in said)
    assert await count(stage) == 0


@tries("insight_entries")
async def the_entries_behind_an_insight_are_listed(stage: Stage) -> None:
    await book(stage)
    (listed,) = await press(stage, buttons.insight_entries(EntryFilter(words="coffee")))
    assert not listed.is_edit
    assert "coffee" in listed.text


@tries("insight_budget")
async def a_proposed_budget_is_set(stage: Stage) -> None:
    await book(stage)
    (said,) = await press(stage, buttons.insight_budget("groceries", EUR_100))
    assert not said.is_edit
    assert "100" in said.text


@tries("insight_no")
@tries("insight_yes")
async def an_insight_is_refused_and_allowed(stage: Stage) -> None:
    await book(stage)
    (said,) = await press(stage, buttons.insight_no("habit", "coffee"))
    (back,) = await stage.press(said, "Say it again")
    assert back.is_edit


@tries("wording")
@tries("wording_set")
async def without_a_model_no_wording_is_set(stage: Stage) -> None:
    await book(stage)
    for action in (buttons.wording(), buttons.wording_set("Short.")):
        (said,) = await press(stage, action)
        assert "no language model" in said.text


@tries("offer_take")
@tries("offer_refuse")
async def an_offer_is_taken_or_refused_forever(stage: Stage) -> None:
    for month in (8, 9, 10, 11):
        await stage.say(f"netflix 12.99 2026-{month:02}-05")
        await stage.say(f"gym 30 2026-{month:02}-07")
    (listed,) = await stage.say("/recurring")
    assert "€12.99 netflix comes again, monthly" in listed.text
    (said,) = await stage.press(listed, "No: netflix")
    assert "won’t ask again" in said.text
    (card,) = await stage.press(listed, "🔁 gym")
    assert "next Mon 7 Dec" in card.text
    (listed,) = await stage.say("/recurring")
    assert "comes again," not in listed.text


@tries("amount_right")
async def an_amount_is_right(stage: Stage) -> None:
    await make_series(stage, "/recurring power about 50 monthly")
    entries = await stage.run(lambda r: r.entries.page(_ledger(r), EntryFilter(), limit=1))
    shown = await press(stage, buttons.amount_right(entries[0].id))
    assert all("this time" not in one.text for one in shown)


@tries("settings")
@tries("set")
@tries("set_up")
@tries("set_up_with")
async def settings_by_buttons(stage: Stage) -> None:
    await stage.say("/start")
    await stage.say("/budget 100 EUR")
    (page,) = await press(stage, buttons.settings("currency"))
    assert page.is_edit
    said = await press(stage, buttons.set_to("currency", "USD", "currency"))
    assert any("stay in EUR" in one.text for one in said)
    await press(stage, buttons.set_up("timezone"))
    (done,) = await press(stage, buttons.set_up_with("timezone", "Europe/Paris", "done"))
    assert done.is_edit
    place = await stage.run(lambda r: r.chats.find(ANN))
    assert place is not None
    settings = place.chat.settings
    # The last step keeps what the steps before it chose.
    assert (settings.currency, settings.timezone, settings.set_up) == (
        "USD",
        "Europe/Paris",
        True,
    )


@tries("help")
async def help_by_topic(stage: Stage) -> None:
    await stage.say("/help")
    (topic,) = await press(stage, buttons.help_on("receipts"))
    assert topic.is_edit


@tries("export")
async def everything_is_exported(stage: Stage) -> None:
    await book(stage)
    (offered,) = await stage.say("/export docx")
    assert await stage.press(offered, "report") == []
    (job,) = await stage.jobs()
    assert (job.kind, job.values["format"]) == ("export", "pdf")


@tries("forget")
async def everything_is_forgotten(stage: Stage) -> None:
    await book(stage)
    (asked,) = await stage.say("/forget")
    (forgotten,) = await stage.press(asked, "delete")
    assert forgotten.text
    assert await stage.run(lambda r: r.chats.find(ANN)) is None or await count(stage) == 0


@tries("open_questions")
async def open_questions_come_again(stage: Stage) -> None:
    await stage.say("5m car")
    shown = await press(stage, buttons.open_questions())
    assert [bool(one.buttons) for one in shown] == [False, True]


@tries("pause")
async def pushes_wait_and_come_again(stage: Stage) -> None:
    await book(stage)
    (said,) = await press(stage, buttons.pause(7))
    assert "27 Nov" in said.text
    assert (await _settings(stage)).paused_until == "2026-11-27"
    (again,) = await stage.press(said, "after all")
    assert again.is_edit
    assert (await _settings(stage)).paused_until == ""


@tries("stop_push")
async def pushes_of_a_kind_stop_and_begin_again(stage: Stage) -> None:
    await book(stage)
    (said,) = await press(stage, buttons.stop_push("weekly"))
    assert not (await _settings(stage)).weekly_on
    await stage.press(said, "again")
    assert (await _settings(stage)).weekly_on


@tries("run")
async def a_misspelt_command_is_run_with_its_words(stage: Stage) -> None:
    await book(stage)
    (asked,) = await stage.say("/sumary last month")
    assert "/summary" in asked.text
    (shown,) = await stage.press(asked, "/summary last month")
    assert "Oct" in shown.text


@tries("pin_card")
async def the_page_becomes_the_card(stage: Stage) -> None:
    await book(stage)
    (card,) = await press(stage, buttons.pin_card())
    assert card.is_edit
    assert "4.50" in card.text
    (job,) = await stage.jobs()
    assert (job.kind, job.values["pinned"]) == ("pin", True)


async def _settings(stage: Stage) -> Settings:
    place = await stage.run(lambda r: r.chats.find(ANN))
    assert place is not None
    return place.chat.settings


@tries("dismiss")
async def kept_as_it_is(stage: Stage) -> None:
    await book(stage)
    (kept,) = await press(stage, buttons.dismiss())
    assert kept.is_edit
    assert await count(stage) == 1


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_each_action_does_what_its_button_says(stage: Stage, action: str) -> None:
    await TRIES[action](stage)


def test_every_action_has_a_button_and_every_button_an_action() -> None:
    table = {line.split("`")[1] for line in (buttons.__doc__ or "").splitlines() if "| `" in line}
    assert set(ACTIONS) == table


async def test_a_forged_foreign_or_old_press_does_nothing_and_is_told(stage: Stage) -> None:
    shown, entry_id = await book(stage)
    data = shown.data("delete")
    for forged in (
        "x:0",
        data.partition(":")[0] + ":99",
        data.partition(":")[0] + ":٣",
        data.partition(":")[0] + ":0" + data.partition(":")[2],
        "",
        data + "9999",
    ):
        assert "text" in await stage.notice(shown, forged)
        await stage.press_data(shown, forged or "x")
    elsewhere = Shown(BO, 1, shown.message)
    assert "text" in await stage.notice(elsewhere, data, user=BO)
    await stage.press_data(elsewhere, data, user=BO)
    unknown = await offer(stage, Action("of_a_newer_release", (entry_id,)))
    assert "text" in await stage.notice(unknown, unknown.data("0"))
    assert await stage.press(unknown, "0") == []
    stage.now += timedelta(days=91)
    assert "text" in await stage.notice(shown, data)
    await stage.press_data(shown, data)
    assert await count(stage) == 1


async def test_buttons_from_the_101st_on_work(stage: Stage) -> None:
    _, entry_id = await book(stage)
    shown = await offer(stage, *[buttons.open_entry(entry_id)] * 120)
    assert await stage.notice(shown, shown.data("119")) == {}
    (opened,) = await stage.press(shown, "119")
    assert "coffee" in opened.text


async def test_in_a_group_buttons_are_the_authors_and_the_admins(stage: Stage) -> None:
    (shown,) = await stage.say("coffee 4.50", chat=GROUP)
    data = shown.data("delete")
    await stage.say("tea 2.00", user=BO, chat=GROUP)
    assert "text" in await stage.notice(shown, data, user=BO)
    assert await stage.press_data(shown, data, user=BO) == []
    await stage.run(lambda r: r.chats.set_admins(GROUP, [BO]))
    assert await stage.notice(shown, data, user=BO) == {}
    (deleted,) = await stage.press_data(shown, data, user=BO)
    assert deleted.is_edit


async def test_an_installation_for_a_few_refuses_others_once_forever(sqlite_url: str) -> None:
    async with (
        open_database(sqlite_url) as database,
        open_stage(database, allowed_users=frozenset({ANN})) as stage,
    ):
        (refused,) = await stage.say("coffee 4.50", user=BO)
        assert "private" in refused.text
        assert await stage.say("coffee 4.50", user=BO) == []
        assert await stage.run(lambda r: r.chats.find(BO)) is None
        assert await stage.say("coffee 4.50", user=ANN) != []


async def test_a_keyboard_that_was_replaced_is_dead(stage: Stage) -> None:
    shown, _ = await book(stage)
    first = shown.data("delete")
    (deleted,) = await stage.press_data(shown, first)
    (restored,) = await stage.press(deleted, next(iter(deleted.buttons)))
    assert await count(stage) == 1
    assert "text" in await stage.notice(shown, first)
    assert await stage.press_data(shown, first) == []
    assert await count(stage) == 1
    await stage.press(restored, "delete")
    assert await count(stage) == 0


async def test_a_press_on_a_card_whose_sending_was_not_heard_is_told_once(stage: Stage) -> None:
    stage.is_heard = False
    shown, _ = await book(stage)
    stage.is_heard = True
    # The card is still queued for the bot, so the news takes its place there.
    (told,) = await stage.press(shown, "delete")
    assert not told.is_edit
    assert await count(stage) == 0
    (restored,) = await stage.press(told, next(iter(told.buttons)))
    assert restored.is_edit
    assert await count(stage) == 1


@pytest.mark.parametrize("words", ["/undo", "5"])
async def test_a_card_that_something_else_replaced_is_dead(stage: Stage, words: str) -> None:
    shown, _ = await book(stage)
    old = shown.data("delete")
    chat = {"id": ANN, "type": "private"}
    card = {"message_id": shown.message_id, "date": 1, "chat": chat}
    if words == "/undo":
        await stage.say(words)
    else:
        await stage.say(words, reply_to_message=card)
    left = await count(stage)
    assert "text" in await stage.notice(shown, old)
    assert await stage.press_data(shown, old) == []
    assert await count(stage) == left


async def test_fifty_entries_have_ten_buttons_and_a_list(stage: Stage) -> None:
    words = "\n".join(f"thing {i}.50" for i in range(1, 51))
    (shown,) = await stage.say(words)
    assert "50.50" in shown.text
    assert [*shown.buttons] == [*map(str, range(1, 11)), "List all"]
    (listed,) = await stage.press(shown, "List all")
    assert not listed.is_edit
    assert "1–8 of 50" in listed.text
    assert await stage.notice(shown, shown.data("List all")) == {}


async def test_undo_with_words_behind_it_changes_nothing(stage: Stage) -> None:
    await stage.say("coffee 4.50")
    (said,) = await stage.say("/undo 5")
    assert "one change at a time" in said.text
    card, _ = await stage.say("/undo")
    assert "4.50" in card.text
    (said,) = await stage.say("/redo please")
    assert "/redo" in said.text

"""A group: silence at chatter, and buttons that obey their author and the admins only."""

from __future__ import annotations

import pytest

from tests.conversations.conftest import Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


async def test_an_entry_is_booked_with_its_payer_and_chatter_is_not_answered(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    jonas.sim.say(jonas.person, jonas.chat, "see you at 7, bring 2 chairs")
    answer = await mia.say("groceries 31.20")
    assert "31.20" in answer.text
    await mia.silence()


async def test_another_member_s_press_changes_nothing_and_says_why(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    answer = await mia.say("pizza 20 EUR")
    label = next(found for found in answer.labels if "Delete" in found)
    press = jonas.sim.press(jonas.person, answer, label)
    notice = await jonas.sim.answer_of(press)
    assert notice.text
    await jonas.sim.quiet(0.5)
    assert answer.edit_count == 0


async def test_an_admin_may_press_what_another_wrote(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    answer = await jonas.say("taxi 12 EUR")
    await mia.say("tea 3 EUR")
    await mia.sim.quiet(0.5)
    deleted = await mia.press(answer, "Delete")
    assert "taxi" in deleted.text


async def test_an_admin_may_correct_by_reply_what_another_wrote(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    mia.sim.promote(jonas.person, jonas.chat)
    answer = await mia.say("taxi 12 EUR")
    # The bot is no admin: it learns who became one when the first try was refused.
    await jonas.say("total 13", reply_to=answer)
    await jonas.sim.quiet(0.5)
    corrected = await jonas.say("total 14", reply_to=answer)
    assert "14.00" in corrected.text


async def test_the_author_keeps_the_buttons_whoever_called_them_up(
    household: tuple[Talk, Talk],
) -> None:
    mia, jonas = household
    mine = await jonas.say("taxi 12 EUR")
    # Mia owns the group; her correction is about Jonas' entry still.
    await mia.say("total 13", reply_to=mine)
    await mia.sim.quiet(0.5)
    corrected = await mia.say("total 14", reply_to=mine)
    deleted = await jonas.press(corrected, "Delete")
    assert "taxi" in deleted.text


async def test_anothers_entry_can_be_opened_but_not_changed(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await mia.say("pizza 20 EUR")
    listed = await jonas.say("/list")
    jonas.sim.press(jonas.person, listed, "1")
    opened = await jonas.hear()
    press = jonas.sim.press(jonas.person, opened, "Delete")
    notice = await jonas.sim.answer_of(press)
    assert "admin" in notice.text
    await jonas.silence()


async def test_the_ledger_goes_on_when_the_group_becomes_a_supergroup(
    household: tuple[Talk, Talk],
) -> None:
    mia, _ = household
    await mia.say("rent 850 EUR")
    supergroup = mia.sim.migrate(mia.chat)
    moved = Talk(mia.sim, mia.person, supergroup)
    listed = await moved.say("/list")
    assert "850" in listed.text


async def test_a_foreign_or_forged_press_has_no_effect(household: tuple[Talk, Talk]) -> None:
    mia, _ = household
    answer = await mia.say("lamp 15 EUR")
    for data in ("x", "a:0", "../../etc:1", "ü" * 20, ":::", "1" * 64):
        press = mia.sim.press_data(mia.person, answer, data)
        notice = await mia.sim.answer_of(press)
        assert notice is not None
    await mia.silence()
    assert answer.edit_count == 0

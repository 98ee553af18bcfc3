"""Amounts in other currencies as people meet them: at the rate of their day, over HTTP."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from demo.botapi.world import Message
from tests.conversations.conftest import Talk, rates_known

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]


def _content(talk: Talk, message: Message) -> bytes:
    return talk.sim.telegram.files.get(message.data["document"]["file_id"]).content


async def test_both_amounts_the_rate_and_its_day_are_shown_and_exported(ann: Talk) -> None:
    await rates_known(ann)
    # A Sunday counts by Friday's rate, whose own day is stored.
    card = await ann.say("coffee 4.50 USD 2026-11-01")
    assert "$4.50" in card.text
    assert "€4.03 at 1 USD = 0.89509 EUR, of Fri 30 Oct" in card.text
    row = next(csv.DictReader(io.StringIO(_content(ann, await ann.say("/export csv")).decode())))
    assert (row["amount"], row["currency"]) == ("4.50", "USD")
    assert (row["base_amount"], row["base_currency"]) == ("4.03", "EUR")
    assert (row["rate"], row["rate_date"]) == ("0.895094880057", "2026-10-30")
    listed = await ann.say("/list 2026-11")
    detail = await _open(ann, listed, "1")
    assert "1 USD = 0.89509 EUR" in detail.text


async def _open(talk: Talk, listed: Message, label: str) -> Message:
    """Press a number under a list; the entry is a message of its own."""
    talk.sim.press(talk.person, listed, next(one for one in listed.labels if one == label))
    return await talk.hear()


async def test_500_yuan_are_not_500_euros_of_a_budget(ann: Talk) -> None:
    await rates_known(ann)
    await ann.say("/budget 1000 month")
    await ann.say("hotpot 500 CNY")
    budgets = await ann.say("/budgets")
    # By whatever day's rate, 500 yuan are between 5 and 8 per cent of 1000 euros.
    assert re.search(r"\b[567]\s?%", budgets.text), budgets.text


async def test_a_rate_of_ones_own_is_told_undone_and_exported(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    await rates_known(mia)
    await mia.say("museum 10 USD 2026-11-10")
    said = await jonas.say("/rate 1 USD = 0,95 EUR on 5 Nov 2026")
    assert "1 USD = 0.95 EUR" in said.text
    assert "One entry is counted again" in said.text
    exported = json.loads(_content(mia, await mia.say("/export json")))
    assert exported["entries"][0]["base_amount"] == "9.50"
    assert exported["rates"], "the chat's own rates are exported, too"
    undone = await jonas.say("/undo")
    assert "rate is as before" in undone.text
    exported = json.loads(_content(mia, await mia.say("/export json")))
    assert exported["entries"][0]["base_amount"] == "8.95"


async def test_a_slip_by_a_factor_of_ten_is_asked(ann: Talk) -> None:
    await rates_known(ann)
    doubt = await ann.say("/rate 1 USD = 9 EUR")
    assert "far from" in doubt.text
    kept = await ann.press(doubt, "Leave it")
    assert not kept.labels
    assert "own, since" not in (await ann.say("/rate USD")).text
    doubt = await ann.say("/rate 1 USD = 9 EUR")
    done = await ann.press(doubt, "1 USD = 9.00 EUR")
    assert "counts from" in done.text


async def test_an_unpublished_currency_is_asked_once_and_counted_after_the_reply(ann: Talk) -> None:
    await rates_known(ann)
    ann.sim.say(ann.person, ann.chat, "asado 15000 ARS")
    heard: list[Message] = []
    while not any("1 ARS = ? EUR" in message.text for message in heard):
        heard += await ann.sim.answers(ann.chat)
    question = next(message for message in heard if "? EUR" in message.text)
    again = await ann.say("bus 500 ARS")
    assert "listed apart" in again.text
    said = await ann.say("0.0006", reply_to=question)
    assert "2 entries are counted again" in said.text
    assert "€9.30" in (await ann.say("/summary month")).text


async def test_what_is_wrong_is_answered_with_an_example(ann: Talk) -> None:
    for text, words in (
        ("/rate banana", "/rate 1 USD = 0.90 EUR"),
        ("/rate 1 USD = 0 EUR", "above zero"),
        ("/rate 1 USD = 1 GBP", "EUR on one side"),
        ("/rate USD off", "no rate for USD"),
    ):
        assert words in (await ann.say(text)).text, text


async def test_it_speaks_german(ann: Talk) -> None:
    person = ann.sim.add_user("Uwe", language_code="de")
    uwe = Talk(ann.sim, person, ann.sim.private_chat(person))
    await uwe.say("/start")
    said = await uwe.say("/rate 1 USD = 0,90 EUR ab 12.11.2026")
    assert "1 USD = 0,90 EUR" in said.text
    assert "gilt ab" in said.text
    card = await uwe.say("Kaffee 10 USD 20.11.2026")
    assert "zum eigenen Kurs 1 USD = 0,90 EUR" in card.text
    gone = await uwe.say("/rate USD aus")
    assert "entfernt" in gone.text

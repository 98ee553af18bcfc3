"""Differences that walks have found, each as its shortest case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from presentation import buttons
from storage import Database
from tests.handlers.stage import NOW
from tests.walks.running import open_walks
from tests.walks.walk import Walk

ROWS = "Date,Description,Amount\n2026-11-20,Bookshop,-90.00\n2026-11-19,Kiosk,-3.50\n"


@pytest.fixture
async def walk(database: Database, tmp_path: Path) -> AsyncIterator[Walk]:
    """A person in a private chat."""
    async with open_walks(database, tmp_path) as walks:
        yield Walk(walks.stage, walks.jobs, Random(1))


async def send_file(walk: Walk) -> None:
    """Import two rows."""
    document = {"file_id": ROWS, "file_unique_id": "f", "file_name": "bank.csv", "file_size": 99}
    await walk.stage.send(document=document)
    (preview,) = await walk.work()
    await walk.press(preview, "Import 2 rows")
    await walk.work()


async def test_an_edit_after_a_change_of_the_currency_leaves_bare_amounts_alone(walk: Walk) -> None:
    sent = int(NOW.timestamp())
    await walk.say("coffee 4.50", message_id=900, date=sent)
    await walk.offer(buttons.set_to("currency", "JPY", "main"))
    again = await walk.stage.edit(900, text="coffee 4.50", date=sent)
    assert not [one for one in again if "¥4" in one.text], "the same text changes nothing"
    (card,) = await walk.stage.edit(900, text="coffee and cake 4.50", date=sent)
    assert "€4.50" in card.text
    (card,) = await walk.stage.edit(900, text="coffee and cake 4.80", date=sent)
    assert "€4.80" in card.text
    await walk.offer(buttons.set_to("currency", "USD", "main"))
    (card,) = await walk.stage.edit(900, text="coffee and cake 500 JPY", date=sent)
    assert "¥500" in card.text


async def test_cards_follow_the_undo_of_an_import(walk: Walk) -> None:
    await send_file(walk)
    (found,) = await walk.say("/find bookshop")
    (card,) = await walk.press(found, "1")
    assert "€90.00" in card.text
    await walk.say("/undo")
    (_, card) = await walk.work()
    assert card.text == "Deleted: <s>€90.00 Bookshop</s>"


async def test_undoing_an_import_arms_its_alerts_and_redoing_it_alerts(walk: Walk) -> None:
    await walk.say("/budget 100")
    await send_file(walk)
    assert "93" in walk.heard[-1].text, "the import reached 80 %"
    await walk.say("/undo")
    await walk.work()
    await walk.say("/redo")
    (_, alert) = await walk.work()
    assert "93" in alert.text
    await walk.say("/undo")
    await walk.work()
    (_, alert) = await walk.say("shoes 85")
    assert "85" in alert.text

"""Files of banks become entries once the person has seen them, and can be undone."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from demo.botapi.world import Message
from demo.simulation import Simulation
from tests.conversations.conftest import READ_SECONDS, Talk

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]

STATEMENT = (
    "Buchungstag;Empf\u00e4nger;Verwendungszweck;Betrag;Saldo\n"
    "02.11.2026;Markt;Einkauf;-23,45;976,55\n"
    "03.11.2026;Kiosk;;-4,50;972,05\n"
    "03.11.2026;Kiosk;;-4,50;967,55\n"
    "04.11.2026;Arbeitgeber;Gehalt;2.500,00;3.467,55\n"
    ";Endsaldo;;;3.467,55\n"
)


@pytest.fixture
def ben(simulation: Simulation) -> Talk:
    """Ben in his private chat, which has nothing yet."""
    person = simulation.add_user("Ben", language_code="en")
    return Talk(simulation, person, simulation.private_chat(person))


async def send(talk: Talk, text: str, name: str = "umsatz.csv") -> Message:
    """Send a file; return the message when it shows what was read."""
    talk.sim.document(talk.person, talk.chat, text.encode(), file_name=name)
    reading = await talk.hear()
    if "\u23f3" in reading.text:
        return await talk.sim.edit_of(reading, timeout=READ_SECONDS)
    return reading


async def press(talk: Talk, message: Message, label: str) -> Message:
    """Press a button and wait until its job is done."""
    shown = await talk.press(message, label)
    while "\u23f3" in shown.text:
        shown = await talk.sim.edit_of(shown, timeout=READ_SECONDS)
    return shown


async def test_a_statement_is_shown_imported_once_and_undone(ann: Talk, installation: Path) -> None:
    await ann.say("kiosk 4.50 3.11.")
    preview = await send(ann, STATEMENT)
    assert "3 new rows" in preview.text
    assert "1 row that you may have already" in preview.text
    assert "line 6, a balance or total" in preview.text
    assert preview.labels[0] == "Import 3 rows"
    assert "23.45" not in (await ann.say("/find markt")).text

    done = await press(ann, preview, "Import 3 rows")
    assert "Imported 3 entries" in done.text
    assert "23.45" in (await ann.say("/find markt")).text
    listed = await ann.say("/find kiosk")
    assert listed.text.count("4.50") == 2

    again = await send(ann, STATEMENT)
    assert "3 rows were imported before" in again.text
    assert "Import 3 rows" not in again.labels

    told = await ann.say("/undo")
    assert "shows in the message of that file" in told.text, "which may be far above"
    undone = await ann.sim.edit_of(done, timeout=READ_SECONDS)
    while "\u23f3" in undone.text:
        undone = await ann.sim.edit_of(undone, timeout=READ_SECONDS)
    assert "undone" in undone.text
    assert "23.45" not in (await ann.say("/find markt")).text
    back = await press(ann, undone, "Import again")
    assert "Imported 3 entries" in back.text
    assert "23.45" in (await ann.say("/find markt")).text
    with closing(sqlite3.connect(f"file:{installation}/kvitto.db?mode=ro", uri=True)) as rows:
        query = "SELECT verb, via FROM operations WHERE user_id = ?"
        vias = set(rows.execute(query, [ann.person.id]))
    assert {("capture", "chat"), ("import", "import"), ("undo", "chat")} <= vias


async def test_rows_that_may_be_known_are_imported_only_on_their_own_press(ann: Talk) -> None:
    await ann.say("kiosk 4.50 3.11.")
    preview = await send(ann, STATEMENT)
    done = await press(ann, preview, "doubles too")
    assert "Imported 4 entries" in done.text
    assert (await ann.say("/find kiosk")).text.count("4.50") == 3


async def test_an_open_order_of_day_and_month_is_asked(ann: Talk) -> None:
    text = "Date,Description,Amount\n02/11/2026,Taxi,-12.40\n01/11/2026,Shop,-33.10\n"
    asked = await send(ann, text, "bank.csv")
    assert "Day first (31/12)" in asked.labels
    preview = await press(ann, asked, "Month first")
    assert "2 new rows" in preview.text
    done = await press(ann, preview, "Import 2 rows")
    assert "2 entries" in done.text
    assert "12.40" in (await ann.say("/list 2026-02")).text
    # The next file with this header is not asked about.
    later = await send(ann, text.replace("-12.40", "-13.40"), "bank2.csv")
    assert "1 new row" in later.text


async def test_files_that_are_no_statement_are_refused_with_what_to_do(ann: Talk) -> None:
    assert "no column with days" in (await send(ann, "hello 1\nworld 2\n")).text
    assert "empty, a header alone" in (await send(ann, "Date;Amount;Text\n", "none.csv")).text
    assert "save the spreadsheet as CSV" in (await send(ann, "PK\x03\x04\0\0", "bank.xlsx")).text
    assert "damaged" in (await send(ann, "<?xml <BkToCstmrStmt", "a.xml")).text
    helped = await ann.say("/import")
    assert "OFX" in helped.text


async def test_cancelling_books_nothing_and_a_second_press_changes_nothing(ann: Talk) -> None:
    preview = await send(ann, STATEMENT)
    cancelled = await ann.press(preview, "Cancel")
    assert "left out" in cancelled.text
    assert "23.45" not in (await ann.say("/find markt")).text


async def test_only_the_sender_decides_in_a_group(household: tuple[Talk, Talk]) -> None:
    mia, jonas = household
    mia.sim.document(
        mia.person, mia.chat, STATEMENT.encode(), file_name="umsatz.csv", caption="/import"
    )
    reading = await mia.hear()
    preview = await mia.sim.edit_of(reading, timeout=READ_SECONDS)
    answered = jonas.sim.press(jonas.person, preview, "Import 4 rows")
    await jonas.sim.answer_of(answered)
    done = await press(mia, preview, "Import 4 rows")
    assert "Imported 4 entries" in done.text


async def test_a_typed_entry_is_linked_to_its_row_gets_the_shop_and_is_known(ann: Talk) -> None:
    await ann.say("4.50 3.11.")
    preview = await send(ann, STATEMENT)
    done = await press(ann, preview, "Link the doubtful")
    assert "Imported 3 entries" in done.text
    assert "1 row belongs to an entry" in done.text
    assert (await ann.say("/find kiosk")).text.count("4.50") == 2
    again = await send(ann, STATEMENT)
    assert "4 rows were imported before" in again.text
    undone = await press(ann, done, "Undo")
    assert "undone" in undone.text
    assert "4.50" not in (await ann.say("/find kiosk")).text
    back = await press(ann, undone, "Import again")
    assert "1 row belongs to an entry" in back.text
    assert (await ann.say("/find kiosk")).text.count("4.50") == 2


async def test_rows_of_both_sides_are_listed_in_pages_and_as_a_file(ann: Talk) -> None:
    await ann.say("cinema 12.00 3.11.")
    rows = "".join(f"0{1 + n % 4}.11.2026;Shop {n};;-{n + 1},10;\n" for n in range(40))
    preview = await send(ann, STATEMENT.splitlines()[0] + "\n" + rows)
    assert "40 new rows" in preview.text
    assert "1 entry of these days" in preview.text
    first = await ann.press(preview, "Show all rows")
    assert "Shop 14" in first.text
    second = await ann.press(first, "Later")
    assert "Shop 29" in second.text
    third = await ann.press(second, "Later")
    assert "cinema" in third.text
    ann.sim.press(ann.person, third, "All as a file")
    while "document" not in (file := await ann.hear()).data:
        pass
    stored = ann.sim.telegram.files.get(file.data["document"]["file_id"])
    lines = stored.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 42
    assert any(line.startswith("ledger only") and "cinema" in line for line in lines)


async def test_a_file_that_was_read_wrong_is_read_differently_and_remembered(ann: Talk) -> None:
    text = "Date,Description,Amount\n13/11/2026,Taxi,-12.40\n14/11/2026,Shop,-33.10\n"
    preview = await send(ann, text, "card.csv")
    choices = await ann.press(preview, "Read it differently")
    changed = await press(ann, choices, "Those without a minus")
    assert "income" in changed.text
    await press(ann, changed, "Import 2 rows")
    later = await send(ann, text.replace("-12.40", "-13.40"), "card2.csv")
    assert "income" in later.text


async def test_columns_that_cannot_be_told_are_asked_for(ann: Talk) -> None:
    text = "alpha;beta;gamma;delta\n" + "".join(
        f"1{n}.11.2026;word;{n},50;{n + 3},25\n" if n % 2 else f"pending;word;{n},50;{n + 3},25\n"
        for n in range(8)
    )
    asked = await send(ann, text, "odd.csv")
    assert "which column holds the amount" in asked.text
    asked = await press(ann, asked, "delta")
    preview = await press(ann, asked, "All are expenses")
    assert "4 new rows" in preview.text
    assert "-\u20ac4.25" in preview.text
    await press(ann, preview, "Import 4 rows")
    # The next file with this header is not asked about.
    later = await send(ann, text.replace("4,25", "5,25"), "odd2.csv")
    assert "1 new row" in later.text


async def take_file(talk: Talk) -> str:
    """Return the text of the next file that is sent."""
    while "document" not in (message := await talk.hear()).data:
        pass
    stored = talk.sim.telegram.files.get(message.data["document"]["file_id"])
    return stored.content.decode("utf-8-sig")


async def export(talk: Talk, name: str) -> str:
    """Export everything in a format."""
    talk.sim.say(talk.person, talk.chat, f"/export {name}")
    return await take_file(talk)


async def test_a_json_export_comes_back_whole_in_a_fresh_chat(ann: Talk, ben: Talk) -> None:
    for text in ("coffee 4.50 #work", "taxi 12.20 yesterday", "salary 2500 income"):
        await ann.say(text)
    await ann.say("/budget food 300 month")
    await ann.say("/rate 1 usd = 0.5 eur")
    await ann.say("/recurring about 48.20 power every 3 months from 31 January until 1 May 2028")
    await ann.say("/remind tax 300 yearly on 20 March 30 days before")
    await ann.say("/recurring phone 20 monthly on 1")
    await ann.say("/recurring phone contract until 30 June 2027 notice 1 month renews 12 months")
    card = await ann.say("/recurring phone 3 days before")
    card = await ann.press(await ann.press(card, "Skip"), "Pause")
    before = json.loads(await export(ann, "json"))
    assert before["budgets"]
    preview = await send(ben, json.dumps(before), "kvitto.json")
    assert "budgets (1)" in preview.text
    done = await press(ben, preview, "Import 3 rows")
    assert "Imported 3 entries" in done.text
    after = json.loads(await export(ben, "json"))
    # Ids are new, since the first chat still has them; the payer is the one who imports.
    new = {"id", "updated_at", "paid_by", "paid_by_id"}
    assert bare(after["entries"], new) == bare(before["entries"], new)
    assert bare(after["budgets"], {"id"}) == bare(before["budgets"], {"id"})
    for part in ("settings", "corrections", "rates"):
        assert after[part] == before[part], part
    mine = {"id", "paid_by", "created_by"}
    assert bare(after["series"], mine) == bare(before["series"], mine)
    assert {one["note"]: one["paused"] for one in after["series"]} == {
        "power": False,
        "tax": False,
        "phone": True,
    }
    again = await send(ben, json.dumps(before), "kvitto.json")
    await press(ben, again, "all but entries")
    assert len(json.loads(await export(ben, "json"))["series"]) == 3
    undone = await press(ben, done, "Undo")
    assert "undone" in undone.text
    empty = json.loads(await export(ben, "json"))
    assert (empty["entries"], empty["budgets"], empty["rates"], empty["series"]) == ([],) * 4


async def test_a_csv_export_is_identical_but_for_id_source_and_times(ann: Talk, ben: Talk) -> None:
    for text in ("coffee 4.50 #work", "=cmd 3.20", "salary 2500 income"):
        await ann.say(text)
    before = await export(ann, "csv")
    preview = await send(ben, before.replace("eating_out", "Fun \u2615"), "kvitto.csv")
    done = await press(ben, preview, "Import 3 rows")
    assert "Imported 3 entries" in done.text
    after = (await export(ben, "csv")).replace("Fun \u2615", "eating_out")
    new = {"id", "paid_by", "source", "created_at", "updated_at"}
    one, other = (list(csv.DictReader(io.StringIO(text))) for text in (before, after))
    assert bare(one, new) == bare(other, new)


async def test_a_json_that_is_not_whole_is_refused(ann: Talk) -> None:
    wrong = '{"kvitto":1,"settings":{"timezone":"Moon"},"budgets":[],"corrections":[],"rates":[]'
    for text in (
        wrong + ',"entries":[]}',
        '{"kvitto":9}',
        '{"kvitto":1,',
        '{"kvitto":1,"entries":3}',
    ):
        assert "damaged" in (await send(ann, text, "kvitto.json")).text


def bare(rows: list[dict[str, object]], names: set[str]) -> list[dict[str, object]]:
    """Return rows without the fields that may differ, in a fixed order."""
    return sorted(
        ({name: value for name, value in row.items() if name not in names} for row in rows),
        key=json.dumps,
    )


HEAD = "Date,Description,Amount,Currency\n"
GOOD = "13/11/2026,Shop,-3.10,EUR\n"


async def test_files_of_another_kind_get_a_clear_word_and_book_nothing(ann: Talk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", bytes(20_000_000))
    entities = (
        '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        "<BkToCstmrStmt>&a;</BkToCstmrStmt></Document>"
    )
    cases = [
        (packed.getvalue(), "a.csv", "not a text file"),
        (gzip.compress(bytes(20_000_000)), "b.csv", "not a text file"),
        (bytes(range(26)) * 400, "c.csv", "not a text file"),
        (b"<?xml version='1.0'?><html/>", "d.xml", "not a bank statement that I know"),
        (entities.encode(), "e.xml", "damaged"),
        (b"a,b,c" + b",x" * 200_000, "f.csv", "No row of this file"),
        (b"", "g.csv", "is empty"),
        (bytes(21 << 20), "h.csv", "one year each"),
    ]
    for data, name, word in cases:
        ann.sim.document(ann.person, ann.chat, data, file_name=name)
        answer = await ann.hear()
        while "\u23f3" in answer.text:
            answer = await ann.sim.edit_of(answer, timeout=READ_SECONDS)
        assert word in answer.text, (name, answer.text)
    assert (await export(ann, "csv")).count("\n") == 1


async def test_odd_rows_are_named_and_the_others_come_in_as_text(ann: Talk) -> None:
    odd = (
        "01/01/1900,Old,-1.00,EUR\n31/12/9999,Future,-2.00,EUR\n"
        '14/11/2026,"=HYPERLINK(""http://x"")",-4.10,EUR\n15/11/2026,Sushi,-900,JPY\n'
        '16/11/2026,"never closed,-7.00,EUR\n'
    )
    preview = await send(ann, HEAD + GOOD + odd)
    assert preview.text.count("no real day") == 2
    done = await press(ann, preview, "Import")
    assert "Imported" in done.text
    exported = await export(ann, "csv")
    assert "'=HYPERLINK" in exported
    assert ",900,JPY," in exported

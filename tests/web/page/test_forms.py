"""The forms of the dashboard: what they change, what they refuse, and what the chat sees of it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from ledger.entries.entry import Entry
from ledger.money import Money
from storage.database.tables import outbox
from tests.web.page.stage import ANN, BO, EVE, Stage, form_token

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def newest(stage: Stage) -> Entry:
    return max(await stage.entries(), key=lambda entry: entry.id)


async def count_messages(stage: Stage) -> int:
    """The messages that wait to be sent to the chat."""
    queued = await stage.database.units.read(
        lambda repositories: repositories.connection.execute(select(outbox.c.id)).all()  # type: ignore[attr-defined]
    )
    return len(queued)


async def test_a_sentence_is_booked_once_and_shown_in_the_chat(stage: Stage) -> None:
    await stage.sign_in()
    page, before = await stage.get(), await count_messages(stage)
    first = await stage.post("/add", page, text="cinema 12,50 yesterday #fun")
    stage.now += timedelta(seconds=1)
    again = await stage.post("/add", page, text="cinema 12,50 yesterday #fun")
    assert first == again == (303, f"/app/{stage.key}?done=added")
    entry = await newest(stage)
    assert (entry.money, entry.note, entry.tags) == (
        Money(Decimal("12.50"), "EUR"),
        "cinema",
        ("fun",),
    )
    assert sum(one.note == "cinema" for one in await stage.entries()) == 1
    assert await count_messages(stage) == before + 1
    assert "Added." in await stage.get("?done=added")


async def test_what_was_typed_on_the_page_is_said_to_be(stage: Stage) -> None:
    await stage.sign_in()
    await stage.post("/add", await stage.get(), text="cactus 7 \0\x07today")
    entry = await newest(stage)
    assert entry.note == "cactus"
    assert "typed on the page" in await stage.get(f"/entries/{entry.id}")
    (written,) = await stage.say("tea 2")
    page = await stage.get(f"/entries/{written.id}")
    assert "typed on the page" not in page
    fields = typed(page) | {"note": "a\x00b\x0bc\u2028"}
    assert (await stage.post(f"/entries/{written.id}/edit", page, **fields))[0] == 303
    assert (await newest(stage)).note.startswith("abc")


async def test_words_without_an_amount_are_shown_again_with_the_reason(stage: Stage) -> None:
    await stage.sign_in()
    page, before = await stage.get(), await count_messages(stage)
    status, shown = await stage.post("/add", page, text="just <b>talking</b>")
    assert status == 422
    assert 'value="just &lt;b&gt;talking&lt;/b&gt;"' in shown
    assert 'role="alert"' in shown
    assert await count_messages(stage) == before, "the chat is not bothered"


async def test_a_part_that_is_not_booked_is_named_and_left_to_type_again(stage: Stage) -> None:
    await stage.sign_in()
    status, shown = await stage.post("/add", await stage.get(), text="olives 4; figs 0")
    assert status == 422
    assert "Added. ✗ “figs 0” is not booked." in html.unescape(shown)
    assert 'value="figs 0"' in shown
    assert (await newest(stage)).note == "olives"
    asked = await stage.post("/add", await stage.get(), text="dates 3; 4 5 plums")
    assert asked == (303, f"/app/{stage.key}?done=partly")
    assert "A question about it is open" in await stage.get("?done=partly")


async def test_an_entry_is_changed_deleted_brought_back_and_undone(stage: Stage) -> None:
    await stage.sign_in()
    (entry,) = await stage.say("coffee 4.50")
    path = f"/entries/{entry.id}"
    page = await stage.get(path)
    fields = typed(page) | {"amount": "5,20", "note": "espresso", "tags": "#bar, old"}
    assert await stage.post(f"{path}/edit", page, **fields) == (
        303,
        f"/app/{stage.key}{path}?done=saved",
    )
    changed = next(one for one in await stage.entries() if one.id == entry.id)
    assert (changed.money.amount, changed.note, changed.tags) == (
        Decimal("5.20"),
        "espresso",
        ("bar", "old"),
    )
    assert changed.category_guessed == entry.category_guessed, (
        "what was not touched stays as it was"
    )
    page = await stage.get(path)
    assert (await stage.post(f"{path}/delete", page))[1].endswith("?done=deleted")
    page = await stage.get(path)
    assert "Bring it back" in page
    assert (await stage.post(f"{path}/restore", page))[1].endswith("?done=restored")
    for expected in ("espresso", "espresso", "coffee"):
        page = await stage.get()
        status, leads = await stage.post("/undo", page)
        assert (status, leads) == (303, f"/app/{stage.key}?done=undone")
        found = [one for one in await stage.entries() if one.id == entry.id]
        if found:
            assert found[0].note == expected
    assert found[0].money.amount == Decimal("4.50")
    told = await stage.run(
        lambda scope: scope.repositories.operations.list_after(scope.ledger.id, 0, 999)
    )
    mine = [one for one in told if any(c.subject_id == entry.id for c in one.changes)]
    assert [one.operation.via for one in mine] == ["chat", *["page"] * 6]
    assert {one.operation.user_id for one in mine} == {ANN.user_id}


async def test_what_is_typed_wrong_is_explained_and_kept(stage: Stage) -> None:
    await stage.sign_in()
    (entry,) = await stage.say("tea 3")
    path = f"/entries/{entry.id}"
    page = await stage.get(path)
    for wrong in (
        {"amount": "much"},
        {"amount": "two fifty"},
        {"amount": "-5"},
        {"amount": "0"},
        {"currency": "XXQ"},
        {"date": "31.2.2026"},
        {"date": "2030-01-01"},
        {"category": "zebra"},
        {"paid_by": "9"},
        {"date": "0001-01-01"},
        {"tags": "x" * 51},
        {"tags": " ".join(map(str, range(21)))},
    ):
        status, shown = await stage.post(f"{path}/edit", page, **(typed(page) | wrong))
        assert status == 422, wrong
        assert 'role="alert"' in shown
        (name, value), *_ = wrong.items()
        if name in ("amount", "currency", "date", "tags"):
            assert re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', shown), wrong
    assert next(one for one in await stage.entries() if one.id == entry.id) == entry


async def test_a_form_never_writes_over_a_newer_change(stage: Stage) -> None:
    await stage.sign_in()
    (entry,) = await stage.say("book 20")
    path = f"/entries/{entry.id}"
    page = await stage.get(path)
    stage.now = stage.now.replace(minute=stage.now.minute + 1)
    first = await stage.post(f"{path}/edit", page, **(typed(page) | {"amount": "21"}))
    second = await stage.post(f"{path}/edit", page, **(typed(page) | {"amount": "22"}))
    assert first[0] == 303
    assert second[0] == 422
    assert "changed meanwhile" in second[1]
    assert next(one for one in await stage.entries() if one.id == entry.id).money.amount == 21


async def test_others_may_look_but_not_change(stage: Stage) -> None:
    await stage.sign_in()
    (entry,) = await stage.say("shoes 80")
    await stage.sign_in(BO)
    path = f"/entries/{entry.id}"
    page = await stage.get(path)
    assert "edit" not in page
    home = await stage.get()
    for action in ("edit", "delete", "restore"):
        status, _ = await stage.post(f"{path}/{action}", home, version="x")
        assert status in (403, 422), action
    assert entry in await stage.entries()


async def test_a_form_of_another_site_or_person_changes_nothing(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    token, address = form_token(page), f"{stage.url}/app/{stage.key}/add"
    before = len(await stage.entries())
    for fields, headers in (
        ({"form": token}, {"Origin": "https://evil.org"}),
        ({"form": token}, {"Origin": "null"}),
        ({"form": token}, {}),
        ({}, {"Origin": stage.url}),
        ({"form": token[:-1]}, {"Origin": stage.url}),
        ({"form": "é.x"}, {"Origin": stage.url}),
    ):
        data = {"text": "theft 99", **fields}
        async with stage.http.post(address, data=data, headers=headers) as answer:
            assert answer.status == 403, (fields, headers)
    await stage.sign_in(BO)
    assert (await stage.post("/add", page, text="theft 99"))[0] == 403, "a token of Ann's session"
    own = await stage.get()
    await stage.sign_in(EVE)
    assert (await stage.post("/add", own, text="theft 99"))[0] == 403
    assert len(await stage.entries()) == before


async def test_who_leaves_is_out_until_the_next_proof(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    address = f"{stage.url}/app/leave"
    async with stage.http.post(address, data={}, headers={"Origin": stage.url}) as answer:
        assert answer.status == 403
    data = {"form": form_token(page)}
    async with stage.http.post(address, data=data, headers={"Origin": stage.url}) as answer:
        assert answer.status == 200
        assert "data-stranger" in await answer.text()
    await stage.get(status=401)
    stage.now = stage.now.replace(second=stage.now.second + 1)


async def test_a_form_that_is_too_large_or_no_form_is_refused(stage: Stage) -> None:
    await stage.sign_in(ANN)
    address = f"{stage.url}/app/{stage.key}/add"
    for body, status in (
        (b"x" * 40_000, 413),
        (b"\xff=\xfe", 400),
        (b"&".join([b"a=1"] * 99), 400),
    ):
        async with stage.http.post(address, data=body, headers={"Origin": stage.url}) as answer:
            assert answer.status == status


def typed(page: str) -> dict[str, str]:
    """The values that the form of an entry shows."""
    found = dict(re.findall(r'<input [^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    found |= dict(
        re.findall(r'<select [^>]*name="(\w+)">.*?value="([^"]*)" selected', page, re.DOTALL)
    )
    found.pop("form")
    return found

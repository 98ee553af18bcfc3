"""A receipt's caption: it overrides what it plainly names, and a count in passing is asked about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ledger.receipt import Check, ReceiptDraft
from ledger.receipt.draft_json import dump_draft
from ports.answers import Captured, Nothing, ReceiptRefused
from ports.jobs import ReceiptRead, UnreadFile
from ports.repositories import Repositories
from services.receipts.capturing import SentFile
from tests.services.setup import Table

Run = Callable[..., Awaitable[Any]]
Answer = Captured | Nothing | ReceiptRefused

READ = ReceiptDraft(
    "receipt",
    merchant="EDEKA",
    on=date(2026, 11, 19),
    total=Decimal("84.20"),
    currency="EUR",
    sure=True,
)


async def send(
    run: Run,
    caption: str,
    read: ReceiptDraft | None,
    *,
    group: bool = False,
    addressed: bool = False,
) -> tuple[Answer, bool]:
    """Send a picture that is read so (None: it is no picture); return the answer and what is kept.

    The second is whether the receipt's row is still there.
    """
    table = Table(kind="group" if group else "private")

    def work(repositories: Repositories) -> tuple[Answer, bool]:
        incoming = table.incoming(repositories, caption, addressed=addressed)
        receipt = table.services.receipts.take_file(
            table.scope(repositories),
            incoming,
            SentFile("f", "", None),
        )
        assert receipt is not None
        event = ReceiptRead(
            receipt.ledger_id,
            receipt.id,
            drafts=(dump_draft(read),) if read else (),
            refusal=None if read else UnreadFile("not_a_picture"),
        )
        scope = table.scope(repositories)
        answer = table.services.receipts.take_reading(scope, incoming, event)
        if isinstance(answer, Captured) and answer.booked:
            # Whatever shows the card later says the same, as after undo and redo.
            (booked,) = answer.booked
            again = table.services.receipts.booking.show(scope, booked.entry)
            assert (again.remarks, again.line_count) == (booked.remarks, booked.line_count)
        return answer, repositories.receipts.find(receipt.ledger_id, receipt.id) is not None

    answer, kept = await run(work)
    return answer, kept


@pytest.mark.parametrize(
    ("caption", "amount"),
    [
        ("", "84.20"),
        ("lunch 12", "12"),
        ("party 20.00", "20"),
        ("20", "20"),
        ("3 EUR tip", "3"),
        # The same figure as on the paper is no doubt.
        ("dinner with friends 84.20", "84.20"),
        ("dinner with friends", "84.20"),
        ("dinner with 3 friends", "84.20"),  # a count of people is no amount
        ("yesterday", "84.20"),
    ],
)
async def test_a_caption_overrides_what_it_names(run: Run, caption: str, amount: str) -> None:
    answer, _ = await send(run, caption, READ)
    assert isinstance(answer, Captured)
    assert [one.entry.money.amount for one in answer.booked] == [Decimal(amount)]


@pytest.mark.parametrize("caption", ["3 bags", "Ikea, 3 shelves"])
async def test_a_number_in_passing_is_asked_about(run: Run, caption: str) -> None:
    answer, _ = await send(run, caption, READ)
    assert isinstance(answer, Captured)
    assert not answer.booked
    amounts = [option.entries[0].money.amount for option in answer.asked[0].options]
    assert amounts == [Decimal("84.20"), Decimal(3)]
    assert {option.entries[0].note for option in answer.asked[0].options} == {caption}


@pytest.mark.parametrize("read", [None, replace(READ, kind="not_a_receipt", total=None)])
@pytest.mark.parametrize("caption", ["", "sunset", "bring 2 chairs", "our new flat, 3 rooms"])
async def test_a_group_s_picture_that_is_nobody_s_receipt_leaves_nothing(
    run: Run, caption: str, read: ReceiptDraft | None
) -> None:
    answer, kept = await send(run, caption, read, group=True)
    assert isinstance(answer, Nothing)
    assert not kept


async def test_a_group_s_picture_with_a_plain_entry_below_is_that_entry(
    run: Run,
) -> None:
    answer, kept = await send(run, "lunch 12 EUR", None, group=True)
    assert isinstance(answer, Captured)
    assert kept


@pytest.mark.parametrize(("group", "addressed"), [(True, True), (False, False)])
async def test_whoever_showed_it_to_the_bot_is_told_that_it_is_no_receipt(
    run: Run, *, group: bool, addressed: bool
) -> None:
    answer, kept = await send(run, "", None, group=group, addressed=addressed)
    assert isinstance(answer, ReceiptRefused)
    assert kept


async def test_a_caption_can_make_an_income_of_a_picture(run: Run) -> None:
    answer, _ = await send(run, "+20.00 refund", READ)
    assert isinstance(answer, Captured)
    assert [one.entry.type for one in answer.booked] == ["income"]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("", {"adds_up"}),
        ("yesterday", {"adds_up"}),
        # What the paper adds up to is not what the person says it was.
        ("party 20.00", set()),
        ("party 20.00 yesterday", set()),
    ],
)
async def test_a_remark_is_made_of_what_was_not_overridden(
    run: Run, caption: str, expected: set[str]
) -> None:
    checks = (Check("items", passed=True, delta=Decimal(0)),)
    answer, _ = await send(run, caption, replace(READ, on=None, checks=checks))
    assert isinstance(answer, Captured)
    assert {remark.id for remark in answer.booked[0].remarks} == expected

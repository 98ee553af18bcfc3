"""What one chat sends too much of waits or is refused, and nobody else notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.context import SERVICES
from ledger.errors import InputError
from ledger.rate_limits import Buckets, Policy
from services.quotas import ExportQuota, MessageQuotas
from services.receipts.pacing import ReceiptPacing
from tests.handlers.stage import ANN, BO, GROUP, Shown, Stage

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
THREE_A_DAY = Policy("test", quota=3, window_seconds=86_400)


def few() -> MessageQuotas:
    return MessageQuotas(Buckets(THREE_A_DAY), Buckets(THREE_A_DAY))


def test_who_sends_too_much_is_told_once_an_hour() -> None:
    quotas = few()
    assert all(quotas.let_in(1, 1, NOW) for _ in range(3))
    with pytest.raises(InputError) as told:
        quotas.let_in(1, 1, NOW)
    assert told.value.values == {"most": 3}
    assert not quotas.let_in(1, 1, NOW)
    assert quotas.let_in(2, 2, NOW), "others are served"
    with pytest.raises(InputError):
        quotas.let_in(1, 1, NOW + timedelta(hours=2))
    assert quotas.let_in(1, 1, NOW + timedelta(hours=8)), "a third of a day gives one back"


def test_a_chat_of_many_has_a_quota_too() -> None:
    quotas = few()
    assert all(quotas.let_in(-1, user, NOW) for user in range(3))
    with pytest.raises(InputError):
        quotas.let_in(-1, 99, NOW)
    assert quotas.let_in(-2, 1, NOW)


async def test_the_person_is_told_and_a_migration_is_not_counted(stage: Stage) -> None:
    services = replace(stage.boundary.services, message_quotas=few())
    object.__setattr__(stage.boundary, "services", services)
    for text in ("coffee 1", "tea 2", "cake 3"):
        assert await stage.say(text)
    (refused,) = await stage.say("water 4")
    assert "not booked" in refused.text
    assert await stage.say("water 4") == []
    moved = await stage.send(user=ANN, chat=GROUP, migrate_from_chat_id=GROUP + 1)
    assert moved == []
    assert await stage.say("lunch 5", user=BO), "others are served"
    stage.now += timedelta(days=1)
    (booked,) = await stage.say("water 4")
    assert "4" in booked.text


async def send_photo(stage: Stage, user: int = ANN) -> Shown:
    size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    (shown,) = await stage.send(user=user, photo=[size])
    return shown


async def test_many_receipts_are_read_later_and_none_is_lost(stage: Stage) -> None:
    pacing = ReceiptPacing((
        Buckets(Policy("burst", quota=2, window_seconds=240)),
        Buckets(THREE_A_DAY),
    ))  # fmt: skip
    services = replace(stage.boundary.services, receipt_pacing=pacing)
    stage.boundary.dispatcher.application.bot_data["services"] = services
    texts = [(await send_photo(stage)).text for _ in range(4)]
    assert texts[0] == texts[1]
    assert "about 2 minutes" in texts[2]
    assert "about 8 hours" in texts[3]
    assert (await send_photo(stage, BO)).text == texts[0], "another person's is read at once"
    assert len(await stage.jobs()) == 3
    stage.now += timedelta(minutes=3)
    assert len(await stage.jobs()) == 3 + 1, "leases of the first ended; the third is due"
    stage.now += timedelta(hours=9)
    assert len(await stage.jobs()) == 5


async def test_files_have_a_quota_of_each_person(stage: Stage) -> None:
    services = replace(stage.boundary.services, export_quota=ExportQuota(Buckets(THREE_A_DAY)))
    stage.boundary.dispatcher.application.bot_data[SERVICES] = services
    await stage.say("coffee 1")
    (formats,) = await stage.say("/export zebra")
    for _ in range(2):
        assert await stage.say("/export") == [], "the file is the answer"
    assert await stage.press(formats, "Excel") == []
    (refused,) = await stage.say("/export ofx")
    assert "possible in 480 min" in refused.text
    assert await stage.say("/export", user=BO) == []

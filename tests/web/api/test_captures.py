"""A sentence is booked by the grammar of the chat, wholly or not at all."""

from __future__ import annotations

from datetime import timedelta

from tests.web.api.stage import ApiStage


async def test_a_sentence_becomes_its_entries(anywhere: ApiStage) -> None:
    api = anywhere
    said = {
        "text": "coffee 4.50, lunch 12 #work; +1200 salary yesterday",
        "at": "2026-11-19T23:30:00+01:00",
        "source_id": "shortcut-1",
    }
    path = f"/ledgers/{api.home}/capture"
    made = await api.call("POST", path, as_="shortcut", json=said)
    assert made.status == 201
    found = [(one["note"], one["amount"], one["date"], one["type"]) for one in made.json["items"]]
    assert found == [
        ("coffee", "4.50", "2026-11-19", "expense"),
        ("lunch", "12.00", "2026-11-19", "expense"),
        ("salary", "1200.00", "2026-11-18", "income"),
    ]
    assert {one["source"] for one in made.json["items"]} == {"api"}
    (message,) = await api.told()
    assert "lunch" in str(message.payload["text"])
    again = await api.call("POST", path, as_="shortcut", json=said)
    assert again.body == made.body
    other = await api.call("POST", path, as_="shortcut", json=said | {"text": "tea 3"})
    assert (other.status, other.json["code"]) == (422, "key_reused")
    # After the key's day the name still stands for what was booked, deleted or not.
    first = made.json["items"][0]["id"]
    await api.call("DELETE", f"/ledgers/{api.home}/expenses/{first}")
    api.now += timedelta(days=2)
    late = await api.call("POST", path, as_="shortcut", json=said)
    assert late.status == 201
    assert [one["id"] for one in late.json["items"]] == [
        one["id"] for one in made.json["items"][1:]
    ]


async def test_what_is_unclear_is_said_and_nothing_is_booked(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/capture"
    asked = await api.call("POST", path, json={"text": "coffee 4.50, flat 5m"})
    assert (asked.status, asked.json["code"]) == (422, "unclear")
    (need,) = asked.json["needs"]
    assert need["kind"] == "million"
    assert {option[0]["amount"] for option in need["options"]} >= {"5000000.00"}
    for text, reason in (("hello", "no_amount"), ("0.00 tea", "zero")):
        refused = await api.call("POST", path, json={"text": text})
        assert refused.status == 422
        assert refused.json["refused"][0]["reason"] == reason, refused.json
        assert refused.json["detail"]
    page = await api.call("GET", f"/ledgers/{api.home}/expenses")
    assert page.json["items"] == []
    assert not await api.told()


async def test_a_message_of_a_bank_is_booked(api: ApiStage) -> None:
    said = {"text": "Card payment of EUR 12.50 at LIDL on 20/11/2026"}
    made = await api.call("POST", f"/ledgers/{api.home}/capture", json=said)
    assert made.status == 201, made.body
    assert made.json["items"][0]["amount"] == "12.50"

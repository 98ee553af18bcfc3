"""Expenses are booked, read, changed and deleted, and the chat sees it without a sound."""

from __future__ import annotations

from tests.web.api.stage import ApiStage


async def test_amount_and_note_suffice_and_the_chat_sees_it_quietly(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/expenses"
    made = await api.call("POST", path, json={"amount": "4.5", "note": "coffee"})
    assert made.status == 201
    expense = made.json
    assert expense | {"id": "", "created_at": "", "updated_at": ""} == {
        "id": "",
        "date": "2026-11-20",
        "type": "expense",
        "amount": "4.50",
        "currency": "EUR",
        "category": "eating_out",
        "merchant": None,
        "note": "coffee",
        "tags": [],
        "paid_by": "Ann",
        "paid_by_id": "7",
        "source": "api",
        "base_amount": "4.50",
        "base_currency": "EUR",
        "rate": "1",
        "rate_date": "2026-11-20",
        "receipt_id": None,
        "marks": [],
        "created_at": "",
        "updated_at": "",
    }
    assert made.headers["Location"] == f"/api/v1{path}/{expense['id']}"
    found = await api.call("GET", f"{path}/{expense['id']}")
    assert found.json == expense
    assert found.headers["ETag"] == made.headers["ETag"]
    (message,) = await api.told()
    assert "coffee" in str(message.payload["text"])
    assert message.payload["silent"] is True


async def test_a_change_needs_the_current_version_and_is_one_undo(anywhere: ApiStage) -> None:
    api = anywhere
    made = await api.book(amount="4.50", note="coffee")
    path = f"/ledgers/{api.home}/expenses/{made['id']}"
    etag = (await api.call("GET", path)).headers["ETag"]
    await api.told()

    unchanged = await api.call("GET", path, headers={"If-None-Match": etag})
    assert (unchanged.status, unchanged.body) == (304, b"")
    change = {
        "amount": "5",
        "category": "groceries",
        "merchant": "EDEKA",
        "tags": ["#work", "trip"],
    }
    changed = await api.call("PATCH", path, json=change, headers={"If-Match": etag})
    assert changed.status == 200
    assert {name: changed.json[name] for name in change} == change | {
        "amount": "5.00",
        "tags": ["work", "trip"],
    }
    late = await api.call("PATCH", path, json={"note": "tea"}, headers={"If-Match": etag})
    assert late.status == 412
    assert late.json["type"] == "urn:kvitto:problem:changed_meanwhile"

    # The card in the chat follows, and says nothing new.
    (edit,) = await api.told()
    assert (edit.method, "EDEKA" in str(edit.payload["text"])) == ("edit", True)
    await api.undo()
    assert (await api.call("GET", path)).json | {"updated_at": ""} == made | {"updated_at": ""}


async def test_a_deleted_expense_is_gone_until_it_is_undone(api: ApiStage) -> None:
    made = await api.book(amount="4.50", note="coffee")
    path = f"/ledgers/{api.home}/expenses/{made['id']}"
    await api.told()
    deleted = await api.call("DELETE", path)
    assert (deleted.status, deleted.body) == (204, b"")
    for method in ("GET", "PATCH", "DELETE"):
        again = await api.call(method, path, json={} if method == "PATCH" else None)
        assert again.status == 404
    (edit,) = await api.told()
    assert edit.method == "edit"
    await api.undo()
    assert (await api.call("GET", path)).status == 200


async def test_null_clears_what_may_be_empty_and_nothing_else(api: ApiStage) -> None:
    made = await api.book(amount="4.50", note="coffee", merchant="Starbucks", tags=["work"])
    path = f"/ledgers/{api.home}/expenses/{made['id']}"
    cleared = await api.call("PATCH", path, json={"merchant": None, "tags": None, "category": None})
    assert (cleared.json["merchant"], cleared.json["tags"]) == (None, [])
    assert cleared.json["category"] == "eating_out"
    refused = await api.call("PATCH", path, json={"amount": None, "date": None})
    assert refused.status == 422
    assert [one["pointer"] for one in refused.json["errors"]] == ["/amount", "/date"]
    assert refused.json["detail"].startswith("/amount: ")


async def test_every_field_that_is_wrong_is_named_at_once(anywhere: ApiStage) -> None:
    api = anywhere
    made = await api.book(amount="4.50", note="coffee")
    path = f"/ledgers/{api.home}/expenses/{made['id']}"
    of_ledger = {"category": "nonsense", "paid_by": "Zoe", "date": "2199-01-01"}
    for method, where in (("PATCH", path), ("POST", f"/ledgers/{api.home}/expenses")):
        for body, pointers in (
            (of_ledger | {"amount": "4.505"}, ["/category", "/paid_by", "/amount", "/date"]),
            (
                of_ledger | {"amount": "-1", "colour": "red", "merchant": None},
                ["/amount", "/colour", "/category", "/paid_by", "/date"],
            ),
        ):
            refused = await api.call(method, where, json=body)
            assert refused.status == 422
            assert [one["pointer"] for one in refused.json["errors"]] == pointers
            assert all(one["detail"] in refused.json["detail"] for one in refused.json["errors"])
    # Who may not look is told nothing of fields.
    foreign = await api.call("PATCH", path, as_="bo", json={"amount": "-1"})
    assert foreign.status == 404
    assert (await api.call("GET", path)).json == made


REFUSED: tuple[tuple[object, str], ...] = (
    ({}, "/amount"),
    ({"amount": "-1"}, "/amount"),
    ({"amount": "1,50"}, "/amount"),
    ({"amount": 0}, "/amount"),
    ({"amount": True}, "/amount"),
    ({"amount": "1e9"}, "/amount"),
    ({"amount": "1.005"}, "decimals"),
    ({"amount": "1.5", "currency": "JPY"}, "decimals"),
    ({"amount": "1", "currency": "eur"}, "/currency"),
    ({"amount": "1", "date": "2026-02-30"}, "no calendar has this day"),
    ({"amount": "1", "date": "2027-01-01"}, "tomorrow"),
    ({"amount": "1", "date": 20261120}, "/date"),
    ({"amount": "1", "note": "a\u0000b"}, "/note"),
    ({"amount": "1", "notes": "typo"}, "/notes"),
    ({"amount": "1", "no\ud800": "typo"}, "unicode"),
    ({"amount": "1", "category": "nonsense"}, "nonsense"),
    ({"amount": "1", "category": "income", "type": "expense"}, "income"),
    ({"amount": "1", "paid_by": "Bo"}, "Bo"),
    ({"amount": "1", "tags": ["two words"]}, "/tags/0"),
    ([], ""),
)


async def test_what_cannot_be_taken_is_explained(api: ApiStage) -> None:
    for body, where in REFUSED:
        answer = await api.call("POST", f"/ledgers/{api.home}/expenses", json=body)
        assert answer.status == 422, body
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert where in answer.json["detail"]
    assert not await api.told()


async def test_bodies_that_are_no_json_are_refused(api: ApiStage) -> None:
    path, json = f"/ledgers/{api.home}/expenses", {"Content-Type": "application/json"}
    endless = b'{"amount":4e%s}' % (b"2" * 99)
    doubled = b'{"amount":1,"amount":2}'
    for body in (b"", b"{", b"\xff", b"[" * 50_000, b'{"amount":NaN}', endless, doubled):
        answer = await api.call("POST", path, data=body, headers=json)
        assert answer.status == 400
    assert (await api.call("POST", path, data=b"amount=1")).status == 415
    large = await api.call("POST", path, data=b" " * 70_000, headers=json)
    assert large.status == 413


async def test_a_number_is_taken_digit_by_digit(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/expenses"
    body, kind = b'{"amount": 99999999999.99}', {"Content-Type": "application/json"}
    answer = await api.call("POST", path, data=body, headers=kind)
    assert answer.json["amount"] == "99999999999.99"


async def test_pages_hold_still_while_entries_are_booked(anywhere: ApiStage) -> None:
    api = anywhere
    ids = [
        (await api.book(amount=str(n), note=f"n{n}", date="2026-11-10"))["id"] for n in range(1, 8)
    ]
    path, seen, cursor = f"/ledgers/{api.home}/expenses", [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = (await api.call("GET", path, params=query)).json
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        await api.book(amount="9", note="new", date="2026-11-20")
    assert seen == ids[::-1]
    for nonsense in ("x", "AAAA", "%00", "2026-11-10 a"):
        answer = await api.call("GET", path, params={"cursor": nonsense})
        assert answer.status == 422


async def test_filters_hold_together(anywhere: ApiStage) -> None:
    api = anywhere
    await api.book(amount="1", note="coffee", date="2026-11-01", tags=["work"])
    await api.book(
        amount="2", note="bread", date="2026-11-02", category="groceries", merchant="EDEKA"
    )
    await api.book(amount="3", note="salary", date="2026-11-03", type="income")

    async def find(**query: str) -> list[str]:
        answer = await api.call("GET", f"/ledgers/{api.home}/expenses", params=query)
        assert answer.status == 200, answer.body
        return [one["note"] for one in answer.json["items"]]

    assert await find() == ["salary", "bread", "coffee"]
    assert await find(**{"from": "2026-11-02", "to": "2026-11-02"}) == ["bread"]
    assert await find(to="2026-11-01") == ["coffee"]
    assert await find(category="groceries") == ["bread"]
    assert await find(category="Food") == ["bread", "coffee"]
    assert await find(merchant="EDEKA") == ["bread"]
    assert await find(type="income") == ["salary"]
    assert await find(q="COFFEE") == ["coffee"]
    assert await find(tag="#work") == ["coffee"]
    assert await find(member="ann", q="bread") == ["bread"]
    assert await find(member="7", type="expense") == ["bread", "coffee"]
    # Characters of patterns and of SQL are plain characters.
    for words in ("%", "_", "' OR 1=1 --", '"; DROP TABLE entries', "%%s", "{0}", "\\"):
        assert await find(q=words) == []
    for name, value in (("member", "Nobody"), ("category", "x y"), ("form", "1"), ("limit", "0")):
        answer = await api.call("GET", f"/ledgers/{api.home}/expenses", params={name: value})
        assert answer.status == 422

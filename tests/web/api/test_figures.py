"""Budgets, series and figures are those of the chat."""

from __future__ import annotations

from tests.web.api.stage import ApiStage


async def test_a_budget_is_set_told_and_undone(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/budgets"
    made = await api.call("PUT", path, json={"scope": "food", "amount": "400"})
    assert made.status == 200
    assert {n: made.json[n] for n in ("scope", "name", "amount", "per", "from", "to", "left")} == {
        "scope": "Food",
        "name": "Food",
        "amount": "400.00",
        "per": "month",
        "from": "2026-11-01",
        "to": "2026-11-30",
        "left": "400.00",
    }
    (message,) = await api.told()
    assert message.payload["silent"] is True
    await api.book(amount="350", note="groceries", category="groceries")
    # A budget that reaches a threshold is worth a sound.
    alert = (await api.told())[-1]
    assert "silent" not in alert.payload

    one = f"{path}/{made.json['id']}"
    found = await api.call("GET", one)
    assert (found.json["spent"], found.json["percent"]) == ("350.00", 87)
    changed = await api.call(
        "PUT", one, json={"amount": "500"}, headers={"If-Match": found.headers["ETag"]}
    )
    assert (changed.json["amount"], changed.json["left"]) == ("500.00", "150.00")
    late = await api.call(
        "PUT", one, json={"amount": "1"}, headers={"If-Match": found.headers["ETag"]}
    )
    assert late.status == 412
    assert (await api.call("DELETE", path, params={"scope": "food"})).status == 204
    assert (await api.call("GET", path)).json["items"] == []
    assert (await api.call("DELETE", one)).status == 404
    await api.undo()
    (back,) = (await api.call("GET", path)).json["items"]
    assert back["amount"] == "500.00"


async def test_budgets_that_cannot_be_set_are_explained(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/budgets"
    for body, words in (
        ({"amount": "1", "scope": "fodo"}, "fodo"),
        ({"amount": "1", "per": "trip"}, ""),
        ({"amount": "1", "per": "trip", "from": "2026-12-02", "to": "2026-12-01"}, ""),
    ):
        answer = await api.call("PUT", path, json=body)
        assert answer.status == 422, answer.body
        assert words in answer.json["detail"]
        assert "wrong on my side" not in answer.json["detail"]
    for per in ("week", "month"):
        await api.call("PUT", path, json={"amount": "10", "per": per})
    several = await api.call("DELETE", path)
    assert (several.status, several.json["code"]) == (422, "budget_several")
    assert (await api.call("DELETE", path, params={"per": "week"})).status == 204


async def test_the_figures_of_a_period(anywhere: ApiStage) -> None:
    api = anywhere
    await api.call("PUT", f"/ledgers/{api.home}/budgets", json={"amount": "100"})
    await api.book(amount="30", note="bread", category="groceries", date="2026-11-02")
    await api.book(amount="10", note="coffee", date="2026-11-03")
    await api.book(amount="200", note="salary", type="income", date="2026-11-01")
    await api.book(amount="980", currency="JPY", note="ramen", date="2026-11-04")
    series = {"amount": "12", "note": "streaming", "start": "2026-11-28"}
    await api.call("POST", f"/ledgers/{api.home}/recurring", json=series)
    for path in ("summary", "analytics/dashboard"):
        answer = await api.call("GET", f"/ledgers/{api.home}/{path}", params={"period": "2026-11"})
        found = answer.json
        assert found["period"] == {"from": "2026-11-01", "to": "2026-11-30", "kind": "month"}
        assert (found["spent"], found["income"], found["saved"]) == ("40.00", "200.00", "160.00")
        assert [(one["category"], one["amount"], one["share"]) for one in found["categories"]] == [
            ("groceries", "30.00", "0.7500"),
            ("eating_out", "10.00", "0.2500"),
        ]
        assert found["days"][0] == {"date": "2026-11-02", "amount": "30.00"}
        assert found["unconverted"] == [{"amount": "980", "currency": "JPY"}]
        assert found["budgets"][0]["spent"] == "40.00"
    assert [(one["date"], one["amount"]) for one in found["coming"]] == [("2026-11-28", "12.00")]
    assert (found["allowance"]["free"], found["allowance"]["days"]) == ("48.00", 11)
    assert found["forecast"] is None, "single payments have no pace"
    for day in range(5, 15):
        await api.book(amount="2", note="tea", date=f"2026-11-{day:02}")
    # The forecast of a month is shown; that of a year would read the whole ledger.
    dashboard = f"/ledgers/{api.home}/analytics/dashboard"
    month = await api.call("GET", dashboard, params={"period": "2026-11"})
    assert month.json["forecast"]
    year = await api.call("GET", dashboard, params={"period": "2026"})
    assert (year.status, year.json["spent"], year.json["forecast"]) == (200, "60.00", None)
    for words in ("x y", "0001-01-01", "9999-12-31", "1.1.0001-1.1.9999"):
        nonsense = await api.call("GET", f"/ledgers/{api.home}/summary", params={"period": words})
        assert (nonsense.status, nonsense.json["code"]) == (422, "period_unknown"), words


async def test_what_each_member_paid(api: ApiStage) -> None:
    path = f"/ledgers/{api.group}"
    await api.call("POST", f"{path}/expenses", json={"amount": "5"})
    await api.call("POST", f"{path}/expenses", as_="bo", json={"amount": "7"})
    found = (await api.call("GET", f"{path}/analytics/dashboard")).json
    assert [(one["name"], one["amount"]) for one in found["members"]] == [
        ("Bo", "7.00"),
        ("Ann", "5.00"),
    ]
    members = (await api.call("GET", f"{path}/members")).json["items"]
    assert [(one["name"], one["present"]) for one in members] == [("Ann", True), ("Bo", True)]
    (message, _) = await api.told()
    assert "Ann" in str(message.payload["text"]), "a group is told who paid"


async def test_a_series_is_made_changed_and_removed(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/recurring"
    made = await api.call(
        "POST", path, json={"amount": "850", "note": "rent", "start": "2026-10-01"}
    )
    assert (made.status, made.json["next"]) == (201, "2026-12-01")
    page = (await api.call("GET", f"/ledgers/{api.home}/expenses")).json["items"]
    assert [(one["date"], one["source"]) for one in page] == [
        ("2026-11-01", "recurring"),
        ("2026-10-01", "recurring"),
    ]
    one = f"{path}/{made.json['id']}"
    changed = await api.call("PATCH", one, json={"amount": "900", "paused": True})
    assert (changed.json["amount"], changed.json["paused"], changed.json["next"]) == (
        "900.00",
        True,
        None,
    )
    await api.undo()
    assert (await api.call("GET", one)).json["paused"] is False
    assert (await api.call("DELETE", one)).status == 204
    assert (await api.call("GET", one)).status == 404
    assert (await api.call("GET", path)).json["items"] == []
    for body in (
        {"amount": "1", "note": "x", "start": "2020-01-01", "unit": "day"},
        {"amount": "1", "note": "x", "start": "2026-12-02", "until": "2026-12-01"},
        {"amount": "1", "note": ""},
    ):
        assert (await api.call("POST", path, json=body)).status == 422


async def test_a_person_makes_tokens_and_a_token_makes_none(api: ApiStage) -> None:
    path = f"/ledgers/{api.home}/tokens"
    made = await api.call("POST", path, json={"scopes": ["read"]})
    assert made.status == 201
    api.logins["new"] = f"Bearer {made.json['secret']}"
    assert (await api.call("GET", f"/ledgers/{api.home}", as_="new")).status == 200
    assert (await api.call("POST", path, as_="new", json={"scopes": ["read"]})).status == 403
    group = f"/ledgers/{api.group}/tokens"
    refused = await api.call("POST", group, as_="of-group", json={"scopes": ["write"]})
    assert (refused.status, refused.json["code"]) == (403, "tokens_need_session")
    shown = await api.call("GET", f"{path}/{made.json['id']}")
    assert shown.json["hint"] == made.json["secret"][-4:]
    assert "secret" not in shown.json
    assert (await api.call("DELETE", f"{path}/{made.json['id']}")).status == 204
    assert (await api.call("GET", f"/ledgers/{api.home}", as_="new")).status == 401

"""A program that goes on from where it was sees every change, deletions too."""

from __future__ import annotations

from typing import Any

from tests.web.api.stage import ApiStage
from web.api.cursors import write_text


async def _changes(api: ApiStage, **query: str) -> dict[str, Any]:
    answer = await api.call("GET", f"/ledgers/{api.home}/changes", params=query)
    assert answer.status == 200, answer.body
    page: dict[str, Any] = answer.json
    return page


async def test_changes_go_on_from_a_place(anywhere: ApiStage) -> None:
    api = anywhere
    one, two, three = [await api.book(amount="1", note=f"n{n}") for n in range(3)]
    page = await _changes(api)
    assert [item["expense"] for item in page["items"]] == [one, two, three]
    assert page["more"] is False
    nothing = await _changes(api, since=page["next"])
    assert nothing == {"items": [], "next": page["next"], "more": False}

    base = f"/ledgers/{api.home}/expenses"
    await api.call("PATCH", f"{base}/{one['id']}", json={"note": "first"})
    await api.call("DELETE", f"{base}/{two['id']}")
    await api.call("PATCH", f"{base}/{one['id']}", json={"note": "second"})
    later = await _changes(api, since=page["next"])
    assert [(item["id"], item["deleted"]) for item in later["items"]] == [
        (one["id"], False),
        (two["id"], True),
    ]
    assert later["items"][0]["expense"]["note"] == "second"
    await api.undo()
    await api.undo()
    undone = await _changes(api, since=later["next"])
    assert {item["id"]: item["deleted"] for item in undone["items"]} == {
        one["id"]: False,
        two["id"]: False,
    }
    # Piece by piece the same is seen.
    seen, since = [], ""
    while True:
        piece = await _changes(api, limit="2", **({"since": since} if since else {}))
        seen += [item["id"] for item in piece["items"]]
        since = piece["next"]
        if not piece["more"]:
            break
    assert set(seen) == {one["id"], two["id"], three["id"]}
    assert since == undone["next"]


async def test_changes_since_a_moment(anywhere: ApiStage) -> None:
    api = anywhere
    await api.book(amount="1", note="old")
    moment = api.clock().isoformat()
    made = await api.book(amount="2", note="new")
    page = await _changes(api, since=moment)
    assert [item["id"] for item in page["items"]] == [made["id"]]
    assert (await _changes(api, since="2027-01-01"))["items"] == []
    assert len((await _changes(api, since="2026-01-01T00:00:00Z"))["items"]) == 2
    # More digits than a column holds, also behind zeros, where the first digits look small.
    large = [write_text(one) for one in (str(2**63), "0" * 19 + "1" * 30, "9" * 140)]
    for nonsense in ("x", "AAAA", "2026-99-99", "-1", *large):
        answer = await api.call("GET", f"/ledgers/{api.home}/changes", params={"since": nonsense})
        assert answer.status == 422

"""What people do with budgets, rates, the ledger's currency, files of a bank, and what the clock does."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from presentation import buttons
from tests.handlers.stage import ANN, BO
from tests.walks.record_model import Thing, written
from tests.walks.walk import ZONE, Walk

CODES = ("EUR", "USD", "JPY", "BHD")
CARRIES = {
    "": "",
    "carry over": "both",
    "carry over surplus": "surplus",
    "carry over overspend": "overspend",
    "no carry over": "none",
}


async def budget(walk: Walk) -> None:
    """Set or change a budget. Those of two people differ in scope, since a model of both would be long."""
    scopes = {
        ANN: ("", "groceries", "health", "#sun", f"@{BO}"),
        BO: ("transport", "education", f"@{ANN}"),
    }
    scope = walk.dice.choice(
        [one for one in scopes[walk.person] if walk.chat < 0 or one != f"@{BO}"]
    )
    per = "week" if walk.person == BO else walk.dice.choice(("week", "month"))
    code = walk.dice.choice(("EUR", "EUR", "USD", "JPY"))
    minor = walk.dice.randrange(5_000, 300_000) * (1 if code != "JPY" else 2)
    words = walk.dice.choice(list(CARRIES))
    known = _known_budget(walk, scope, per)
    named = {f"@{ANN}": "@Ann", f"@{BO}": "@Bo"}.get(scope, scope)
    await walk.say(f"/budget {named} {written(minor, code)} {code} {per} {words}")
    walk.model.limit(walk.person, known, minor, code, CARRIES[words])


def _known_budget(walk: Walk, scope: str, per: str) -> Thing:
    for one in walk.model.budgets:
        if (one.now["scope"], one.now["per"]) == (scope, per):
            return one
    fields = {"scope": scope, "per": per, "minor": 0, "code": "", "carry": "none", "limits": {}}
    new = Thing({**fields, "deleted": True}, is_whole=True)
    walk.model.budgets.append(new)
    return new


async def budget_off(walk: Walk) -> None:
    """Remove a budget."""
    live = [one for one in walk.model.budgets if not one.now["deleted"]]
    one = walk.pick([one for one in live if walk.person in one.changed_by])
    if one is not None:
        await walk.offer(buttons.budget_off(one.now["scope"], one.now["per"]))
        await walk.do([(one, {"deleted": True})])


async def rate(walk: Walk) -> None:
    """Set an own rate near the one that is known, from today or a day before on."""
    home = walk.model.home.now["code"]
    pair = [home, walk.dice.choice([code for code in CODES if code != home])]
    walk.dice.shuffle(pair)
    source, target = pair
    on = walk.today - timedelta(days=walk.dice.choice((0, 0, 1, 3)))
    value = walk.model.rate(source, target, on) * Fraction(walk.dice.randrange(88, 112), 100)
    typed = f"{float(value):.6f}"
    day = "" if on == walk.today else f" on {on.day} {on:%b %Y}"
    known = _known_rate(walk, source, target, on)
    await walk.say(f"/rate 1 {source} = {typed} {target}{day}")
    fields = {"source": source, "target": target, "value": Fraction(typed), "deleted": False}
    await walk.do([(known, fields)])


def _known_rate(walk: Walk, source: str, target: str, on: object) -> Thing:
    for one in walk.model.rates:
        if {one.now["source"], one.now["target"]} == {source, target} and one.now["on"] == on:
            return one
    fields = {"source": source, "target": target, "value": Fraction(1), "on": on, "deleted": True}
    new = Thing(fields, is_whole=True)
    walk.model.rates.append(new)
    return new


async def rate_off(walk: Walk) -> None:
    """Remove all own rates of a currency."""
    code = walk.dice.choice([code for code in CODES if code != walk.model.home.now["code"]])
    await walk.say(f"/rate {code} off")
    gone = [
        one
        for one in walk.model.rates
        if not one.now["deleted"] and code in (one.now["source"], one.now["target"])
    ]
    await walk.do([(one, {"deleted": True}) for one in gone])


async def currency(walk: Walk) -> None:
    """Change the ledger's currency, which in a group only its admin may."""
    code = walk.dice.choice(CODES)
    await walk.offer(buttons.set_to("currency", code, "main"))
    if walk.person == ANN:
        await walk.do([(walk.model.home, {"code": code})])


async def later(walk: Walk) -> None:
    """Let time pass: an hour, a day, to just before midnight, or into the next week or month."""
    now = walk.stage.now.astimezone(ZONE)
    night = datetime(now.year, now.month, now.day, 23, 59, 0, tzinfo=ZONE)
    month = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=5)
    week = now + timedelta(days=7 - now.weekday())
    until = walk.dice.choice(
        (now + timedelta(hours=1), now + timedelta(days=1), night, month, week)
    )
    walk.stage.now = max(walk.stage.now, until.astimezone(walk.stage.now.tzinfo))
    walk.pass_midnight()
    walk.model.today = walk.today


async def bank_file(walk: Walk) -> None:
    """Import a file of two rows."""
    first = walk.new_item()
    items = [first, walk.new_item(code=first.now["code"])]
    rows = ["Date,Description,Amount,Currency"]
    for item in items:
        for fields in (item.said, item.now):
            fields.update(tag="")
        item.now["is_imported"] = True
        amount = written(item.now["minor"], item.now["code"])
        rows.append(f"{item.now['day']},{item.now['words']},-{amount},{item.now['code']}")
    document = {"file_id": "\n".join(rows), "file_unique_id": "f", "file_name": "bank.csv"}
    said = {"document": {**document, "file_size": 100}, "caption": "/import"}
    walk.log.append(f"  sends {rows}")
    walk.hear(await walk.stage.send(user=walk.person, chat=walk.chat, **said))
    (preview,) = await walk.work()
    if "A point (1.50)" in preview.buttons:
        await walk.press(preview, "A point")
        (preview,) = await walk.work()
    await walk.press(preview, "Import 2 rows")
    await walk.work()
    await walk.do([(item, {"deleted": False}) for item in items])


async def undo(walk: Walk) -> None:
    """Take the last change back."""
    shown = await walk.say("/undo")
    await walk.work()
    refused = any("has changed that since" in one.text for one in shown)
    assert walk.model.undo(walk.person) != refused


async def redo(walk: Walk) -> None:
    """Repeat what was taken back last."""
    shown = await walk.say("/redo")
    await walk.work()
    refused = any("has changed that since" in one.text for one in shown)
    assert walk.model.redo(walk.person) != refused

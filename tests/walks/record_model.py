"""A small model of what a ledger holds after what people write, edit, press and undo.

It knows nothing of matching, merging or history: an action says which line it means, a field that an
action sets is set, and undo puts back the values from before. `money_model` adds rates and budgets.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Fields = dict[str, Any]

DIGITS = {"EUR": 2, "USD": 2, "JPY": 0, "BHD": 3}
"""Digits behind the point of the currencies that people use here."""


@dataclass(eq=False)
class Thing:
    """Something that people change: an entry, a budget, a rate, the ledger's currency."""

    now: Fields
    changed_by: set[int] = field(default_factory=set, kw_only=True)
    is_whole: bool = field(default=False, kw_only=True)
    """A change keeps all its fields, not only those that differ."""


@dataclass(eq=False)
class Item(Thing):
    """One entry, and what the line of its message says of it.

    Fields: `words`, `minor`, `code`, `tag`, `day`, `payer`, `category` (None: the guess), `guess`,
    `deleted`.
    """

    number: int
    said: Fields
    """The same as the text says it; a text says neither category nor `deleted`."""


@dataclass(eq=False)
class Message:
    """A message of a person with the items that its text says, and those that it said before."""

    id: int
    author: int
    sent_on: date
    sent_at: int
    home: str
    """The ledger's currency when it was written, which its bare amounts are in."""
    lines: list[Item]
    dropped: list[Item] = field(default_factory=list)
    edited_at: int = 0

    def text(self) -> str:
        """Return the text that says these lines."""
        return "\n".join(line_of(item.said, self.sent_on) for item in self.lines)


@dataclass
class Change:
    """The fields of a thing before and after one operation."""

    thing: Thing
    before: Fields
    after: Fields
    is_imported: bool = False
    """An import is undone as far as nobody else changed its entries."""


Operations = defaultdict[int, list[list[Change]]]


@dataclass
class Model:
    """Items, messages, and the operations that each person can undo."""

    items: list[Item] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    done: Operations = field(default_factory=lambda: defaultdict(list))
    undone: Operations = field(default_factory=lambda: defaultdict(list))

    def live(self) -> list[Item]:
        """Return the items that are in the ledger."""
        return [item for item in self.items if not item.now["deleted"]]

    def new_item(self, **said: Any) -> Item:  # noqa: ANN401
        """Return an item that is not in the ledger before an operation brings it there."""
        item = Item({**said, "guess": "", "category": None, "deleted": True}, len(self.items), said)
        self.items.append(item)
        return item

    def do(self, who: int, changes: list[tuple[Thing, Fields]]) -> None:
        """Do one operation; it can be undone where it changes anything."""
        found = [_change(thing, fields) for thing, fields in changes if _differs(thing, fields)]
        if found:
            self.done[who].append(found)
            self.undone[who].clear()
            self.write(who, [(change.thing, change.after) for change in found])

    def say(self, item: Item, fields: Fields) -> tuple[Item, Fields]:
        """Let the text say other values; what it says already is no change."""
        new = {name: value for name, value in fields.items() if item.said[name] != value}
        item.said.update(new)
        return item, new

    def undo(self, who: int) -> bool:
        """Take a person's newest operation back; False where another changed the same since."""
        if self.done[who]:
            changes = self.done[who][-1]
            if not all(_may(who, change, change.after) for change in changes):
                return False
            self.undone[who].append(self.done[who].pop())
            self._reverse(who, [(one, one.after, one.before) for one in reversed(changes)])
        return True

    def redo(self, who: int) -> bool:
        """Repeat the operation that was taken back last; False where another changed the same."""
        if self.undone[who]:
            changes = self.undone[who][-1]
            if not all(_may(who, change, change.before) for change in changes):
                return False
            self.done[who].append(self.undone[who].pop())
            self._reverse(who, [(one, one.before, one.after) for one in changes])
        return True

    def _reverse(self, who: int, changes: list[tuple[Change, Fields, Fields]]) -> None:
        found = []
        for change, left, wanted in changes:
            stays = change.is_imported and not _holds(change.thing, left, who)
            if not stays:
                found.append((change.thing, wanted))
        self.write(who, found)

    def write(self, who: int, values: list[tuple[Thing, Fields]]) -> None:
        """Give things the values that an operation leaves."""
        for thing, fields in values:
            thing.now.update(fields)
            thing.changed_by.add(who)


def _differs(thing: Thing, fields: Fields) -> bool:
    return any(thing.now[name] != value for name, value in fields.items())


def _change(thing: Thing, fields: Fields) -> Change:
    if thing.is_whole:
        return Change(thing, dict(thing.now), {**thing.now, **fields})
    if not thing.changed_by:
        is_imported = bool(thing.now.get("is_imported"))
        return Change(thing, {"deleted": True}, {**thing.now, **fields}, is_imported)
    after = {name: value for name, value in fields.items() if thing.now[name] != value}
    return Change(thing, {name: thing.now[name] for name in after}, after)


def _may(who: int, change: Change, left: Fields) -> bool:
    """Return whether a thing is as an operation left it, or nobody else ever changed it."""
    thing = change.thing
    names = ("deleted",) if left.get("deleted") else tuple(left)
    stands = all(thing.now[name] == left[name] for name in names)
    return change.is_imported or stands or not thing.changed_by - {who}


def _holds(thing: Thing, left: Fields, who: int) -> bool:
    return bool(thing.now["deleted"] == left["deleted"]) and not thing.changed_by - {who}


def written(minor: int, code: str) -> str:
    """Write an amount in major units as a person types it."""
    digits = DIGITS[code]
    return f"{minor // 10**digits}.{minor % 10**digits:0{digits}d}" if digits else str(minor)


def line_of(said: Fields, sent_on: date) -> str:
    """Write a line as a person types it; euros are typed bare."""
    parts = [said["words"], written(said["minor"], said["code"])]
    parts += [said["code"]] * said["is_named"] + [f"#{said['tag']}"] * bool(said["tag"])
    assert sent_on - said["day"] in (timedelta(0), timedelta(1))
    return " ".join(parts + ["yesterday"] * (said["day"] != sent_on))

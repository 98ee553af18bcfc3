"""A small model of what a ledger holds after what people write, edit, press and undo.

It knows nothing of matching, merging or history: an action says which line it means, a field that an
action sets is set, and undo puts back the values from before. Another subject (budgets, currencies)
adds fields to `Item` and actions to the walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]


@dataclass(eq=False)
class Item:
    """One entry, and what the line of its message says of it."""

    number: int
    now: Fields
    """`words`, `minor`, `day` (0 today, 1 yesterday), `category` (None: whatever was guessed),
    `deleted`."""
    said: Fields
    """The same as the text says it; a text never says `category` or `deleted`."""


@dataclass(eq=False)
class Message:
    """A message of a person with the items that its text says, and those that it said before."""

    id: int
    lines: list[Item]
    dropped: list[Item] = field(default_factory=list)
    edited_at: int = 0

    def text(self) -> str:
        """Return the text that says these lines."""
        return "\n".join(line_of(item.said) for item in self.lines)


@dataclass
class Change:
    """The fields of an item before and after one operation; None before for a new item."""

    item: Item
    before: Fields
    after: Fields


@dataclass
class Model:
    """Items, messages, and the operations that can be undone."""

    items: list[Item] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    done: list[list[Change]] = field(default_factory=list)
    undone: list[list[Change]] = field(default_factory=list)

    def live(self) -> list[Item]:
        """Return the items that are in the ledger."""
        return [item for item in self.items if not item.now["deleted"]]

    def new_item(self, words: str, minor: int, day: int) -> Item:
        """Return an item that is not in the ledger before an operation brings it there."""
        said = {"words": words, "minor": minor, "day": day}
        item = Item(len(self.items), {**said, "category": None, "deleted": True}, dict(said))
        self.items.append(item)
        return item

    def do(self, changes: list[tuple[Item, Fields]]) -> None:
        """Do one operation; it can be undone where it changes anything."""
        found = []
        for item, fields in changes:
            after = {name: value for name, value in fields.items() if item.now[name] != value}
            if after:
                found.append(Change(item, {name: item.now[name] for name in after}, after))
                item.now.update(after)
        if found:
            self.done.append(found)
            self.undone.clear()

    def say(self, item: Item, fields: Fields) -> tuple[Item, Fields]:
        """Let the text say other values; what it says already is no change."""
        new = {name: value for name, value in fields.items() if item.said[name] != value}
        item.said.update(new)
        return item, new

    def undo(self) -> None:
        """Take the newest operation back."""
        if self.done:
            changes = self.done.pop()
            for change in reversed(changes):
                change.item.now.update(change.before)
            self.undone.append(changes)

    def redo(self) -> None:
        """Repeat the operation that was taken back last."""
        if self.undone:
            changes = self.undone.pop()
            for change in changes:
                change.item.now.update(change.after)
            self.done.append(changes)


def line_of(said: Fields) -> str:
    """Write a line as a person types it."""
    amount = f"{said['minor'] // 100}.{said['minor'] % 100:02d}"
    return f"{said['words']} {amount}" + (" yesterday" if said["day"] else "")

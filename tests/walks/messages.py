"""What people do with messages, their cards, and undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ledger.entries.entry import Entry
from ledger.entries.queries import EntryFilter
from ports.repositories import Repositories
from presentation import buttons
from tests.handlers.stage import GROUP, Shown
from tests.walks.record_model import Fields, Item, Message, written
from tests.walks.walk import CATEGORIES, Walk


async def write(walk: Walk) -> None:
    """Write a new message of one to three lines."""
    lines = [walk.new_item() for _ in range(walk.dice.choice((1, 1, 2, 3)))]
    message = _new_message(walk, lines)
    await walk.say(message.text(), message_id=message.id)
    message.edited_at = int(walk.stage.now.timestamp())
    await walk.do([(item, {"deleted": False}) for item in lines])


async def note(walk: Walk) -> None:
    """Write a note without an amount, edit it perhaps, and complete it in one of two ways."""
    if walk.chat == GROUP:
        return  # people talk there, so a bot must not ask
    item = walk.new_item()
    for fields in (item.said, item.now):
        fields.update(day=walk.today, tag="")
    message = _new_message(walk, [item])
    words = item.now["words"]
    edited = walk.dice.random() < 0.5
    await walk.say(f"old {words}" if edited else words, message_id=message.id)
    if edited:
        await walk.send(message, words)
    if walk.dice.random() < 0.5:
        await walk.send(message, message.text())
    else:
        await walk.say(f"{written(item.now['minor'], item.now['code'])} {item.now['code']}")
    await walk.do([(item, {"deleted": False})])


async def edit(walk: Walk) -> None:
    """Change something about a message."""
    message = walk.pick([one for one in _own_messages(walk) if _may_edit(walk, one)])
    if message is None:
        return
    changes = _mutate(walk, message)
    await walk.send(message, message.text())
    await walk.do(changes)


def _may_edit(walk: Walk, message: Message) -> bool:
    """Return whether an edit is surely taken as entries; in a group one without lines is chatter."""
    return walk.chat != GROUP or bool(message.lines)


def _mutate(walk: Walk, message: Message) -> list[Any]:
    """Choose what an edit changes; return what that does to the items."""
    lines = message.lines
    kind = walk.dice.choice(
        ("amount", "amount", "words", "day", "code", "add", "drop", "back", "turn")
    )
    item = walk.pick(lines)
    if kind == "back" and message.dropped:
        back = message.dropped.pop(walk.dice.randrange(len(message.dropped)))
        lines.append(back)
        back.said["minor"] = walk.amount(back.said["code"])
        return [(back, {**back.said, "deleted": False})]
    if kind == "add" or item is None:
        new = walk.new_item(message)
        lines.insert(walk.dice.randrange(len(lines) + 1), new)
        return [(new, {"deleted": False})]
    if kind == "drop" and len(lines) > 1:
        lines.remove(item)
        message.dropped.append(item)
        return [(item, {"deleted": True})]
    if kind == "turn":
        lines.reverse()
        return []
    code = item.said["code"]
    other = message.sent_on - timedelta(days=item.said["day"] == message.sent_on)
    fields: dict[str, Fields] = {"words": {"words": walk.new_words()}, "day": {"day": other}}
    return [walk.model.say(item, fields.get(kind, {"minor": walk.amount(code)}))]


async def chat(walk: Walk) -> None:
    """Edit a message into words without an entry; answer the question or leave it."""
    message = walk.pick(_own_messages(walk))
    if message is None:
        return
    shown = await walk.send(message, walk.dice.choice(("never mind", "oh well", "what now")))
    asked = [one for one in shown if "Keep it" in " ".join(one.buttons)]
    live = [one for one in (*message.lines, *message.dropped) if not one.now["deleted"]]
    assert bool(asked) == bool(live), [one.text for one in shown]
    answer = walk.dice.choice(("Delete", "Keep it", ""))
    if asked and answer:
        await walk.press(asked[0], answer)
        if answer == "Delete":
            message.dropped += message.lines
            message.lines = []
            await walk.do([(one, {"deleted": True}) for one in message.dropped])


async def reply(walk: Walk) -> None:
    """Correct an entry by a reply to its card."""
    item = walk.pick(walk.own())
    card = await _card_of(walk, item) if item else None
    if item is None or card is None:
        return
    days: list[Fields] = [{"day": walk.today}, {"day": walk.today - timedelta(days=1)}]
    fields: Fields = walk.dice.choice((*days, {"minor": walk.amount(item.now["code"])}))
    if "day" in fields:
        words = "today" if fields["day"] == walk.today else "yesterday"
    else:
        words = f"{written(fields['minor'], item.now['code'])} {item.now['code']}"
    await walk.say(words, reply_to_message=_quoted(card))
    await walk.do([(item, fields)])


async def press(walk: Walk) -> None:
    """Open an entry and press one of its buttons."""
    item = walk.pick(walk.own())
    if item is None:
        return
    detail = await _open(walk, item)
    walk.stale.append((detail, detail.data("Delete")))
    kind = walk.dice.choice(("delete", "yesterday", "category", "again", "back"))
    walk.log.append(f"  presses {kind} of {item.now['words']}")
    await PRESSES[kind](walk, item, detail)


async def _delete(walk: Walk, item: Item, detail: Shown) -> None:
    gone, *_ = await walk.press(detail, "Delete")
    await walk.do([(item, {"deleted": True})])
    if walk.dice.random() < 0.4:
        await walk.press(gone, "Undo")
        await walk.do([(item, {"deleted": False})])


async def _yesterday(walk: Walk, item: Item, detail: Shown) -> None:
    (days,) = await walk.press(detail, "Day")
    await walk.press(days, "Yesterday")
    await walk.do([(item, {"day": walk.today - timedelta(days=1)})])


async def _category(walk: Walk, item: Item, detail: Shown) -> None:
    chosen = walk.dice.choice(CATEGORIES)
    (grid,) = await walk.press(detail, "Category")
    await walk.press(grid, chosen)
    await walk.do([(item, {"category": chosen})])


async def _again(walk: Walk, item: Item, detail: Shown) -> None:
    await walk.press(detail, "again")
    copy = walk.model.new_item(**{name: item.now[name] for name in item.said})
    copy.now.update(category=item.now["category"], day=walk.today)
    await walk.do([(copy, {"deleted": False})])


async def _back(walk: Walk, item: Item, detail: Shown) -> None:
    """Look, and do nothing."""


PRESSES = {
    "delete": _delete,
    "yesterday": _yesterday,
    "category": _category,
    "again": _again,
    "back": _back,
}


async def press_old(walk: Walk) -> None:
    """Press a button that a card no longer shows; nothing happens."""
    if not walk.stale:
        return
    shown, data = walk.dice.choice(walk.stale)
    now = walk.stage.messages[shown.chat_id, shown.message_id]
    current = Shown(shown.chat_id, shown.message_id, now)
    if data not in current.buttons.values():
        walk.hear(await walk.stage.press_data(shown, data, user=walk.person))


async def press_foreign(walk: Walk) -> None:
    """Press a button of another person's entry; nothing happens."""
    item = walk.pick([one for one in walk.model.live() if not walk.may(one)])
    if item is not None:
        entry = await _entry_of(walk, item)
        await walk.offer(buttons.delete(entry.id))


async def repeat(walk: Walk) -> None:
    """Deliver an edit again, and an older version late; nothing happens."""
    message = walk.pick([one for one in _own_messages(walk) if one.lines])
    if message is None:
        return
    at = message.edited_at
    for text, edited in ((message.text(), at), ("late 1.00", at - 5)):
        fields = {"text": text, "date": message.sent_at, "edit_date": edited}
        original = walk.stage._message(walk.person, walk.chat, fields)
        update = {"edited_message": original | {"message_id": message.id}}
        walk.hear(await walk.stage.update(update, walk.chat))


def _new_message(walk: Walk, lines: list[Item]) -> Message:
    number, at = next(walk.stage.numbers), int(walk.stage.now.timestamp())
    home = walk.model.home.now["code"]
    message = Message(number, walk.person, walk.today, at, home, lines)
    walk.model.messages.append(message)
    return message


def _own_messages(walk: Walk) -> list[Message]:
    return [one for one in walk.model.messages if one.author == walk.person]


async def _open(walk: Walk, item: Item) -> Shown:
    """Show an entry in detail."""
    entry = await _entry_of(walk, item)
    (detail,) = await walk.offer(buttons.open_entry(entry.id))
    return detail


async def _card_of(walk: Walk, item: Item) -> Shown | None:
    """Return a card that shows an entry alone."""
    entry = await _entry_of(walk, item)
    found = await walk.stage.run(lambda r: r.conversations.confirmations(entry.id, 20))
    keys = {one.message_key for one in found if one.entry_ids == (entry.id,)}
    shown = (Shown(*place, message) for place, message in walk.stage.messages.items())
    return next((one for one in shown if one.message.message_key in keys), None)


async def _entry_of(walk: Walk, item: Item) -> Entry:
    def find(repositories: Repositories) -> list[Entry]:
        place = repositories.chats.find(walk.chat)
        assert place is not None
        return repositories.entries.page(place.chat.ledger.id, EntryFilter(), limit=500)

    entries = await walk.stage.run(find)
    return next(entry for entry in entries if entry.id == walk.ids[item.number])


def _quoted(card: Shown) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "Kvitto"}
    kind = "private" if card.chat_id > 0 else "supergroup"
    chat = {"id": card.chat_id, "type": kind, "first_name": "Ann"}
    return {"message_id": card.message_id, "date": 1, "chat": chat, "from": bot, "text": "-"}

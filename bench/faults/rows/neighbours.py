"""Try that nothing of one chat is ever seen in another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bench.faults.rows.stage import Line, Stage, as_seconds
from demo.botapi.world import Chat, Message, User

PEOPLE, GROUPS, MEMBERS = 50, 20, 8
ACTIONS_A_ROUND = 50
PER_SECOND = 25.0
ASKED = ("/list", "/summary", "/budgets", "/undo", "/redo", "/history", "/export csv", "/insights")
WORDS = ("coffee", "lunch", "taxi", "bread")


@dataclass(slots=True)
class _Neighbourhood:
    """People in chats that overlap; each chat has a word that is typed in it alone."""

    stage: Stage
    words: dict[int, str] = field(default_factory=dict)
    members: dict[int, list[User]] = field(default_factory=dict)
    wrote: dict[int, list[Message]] = field(default_factory=dict)

    @property
    def chats(self) -> list[Chat]:
        """Return all chats, private ones first."""
        return [self.stage.demo.simulation.chat(chat_id) for chat_id in self.words]

    def move_in(self) -> None:
        """Open all chats."""
        sim, town = self.stage.demo.simulation, self.stage.town
        town.settle(PEOPLE)
        for person in town.people:
            self._open(sim.private_chat(person), [person])
        for number in range(GROUPS):
            members = self.stage.rng.sample(town.people, MEMBERS)
            self._open(sim.add_group(f"Flat {number}", members), members)

    def act(self) -> None:
        """Let somebody do something somewhere."""
        rng = self.stage.rng
        chat = rng.choice(self.chats)
        person = rng.choice(self.members[chat.id])
        work: tuple[Callable[[], None], ...] = (
            partial(self._write, chat, person),
            partial(self._ask, chat, person),
            partial(self._search, chat, person),
            partial(self._press, chat, person),
            partial(self._edit, chat),
        )
        rng.choices(work, (50, 15, 10, 20, 5))[0]()

    def find_foreign(self) -> tuple[int, int]:
        """Return how many texts and files were looked at, and how many hold another chat's word."""
        looked = foreign = 0
        for chat in self.chats:
            others = [word for chat_id, word in self.words.items() if chat_id != chat.id]
            for message in self.stage.demo.simulation.sent(chat):
                shown = f"{message.data}".lower() + self._file_of(message)
                looked += 1
                foreign += any(word in shown for word in others)
        return looked, foreign

    def _open(self, chat: Chat, members: list[User]) -> None:
        # No word is a part of another one.
        self.words[chat.id] = f"canary{len(self.words):03}x"
        self.members[chat.id] = members
        self.wrote[chat.id] = []

    def _write(self, chat: Chat, person: User) -> None:
        rng = self.stage.rng
        text = f"{rng.choice(WORDS)} {self.words[chat.id]} {rng.randrange(100, 9999) / 100:.2f}"
        self.wrote[chat.id].append(self.stage.demo.simulation.say(person, chat, text))

    def _ask(self, chat: Chat, person: User) -> None:
        self.stage.demo.simulation.say(person, chat, self.stage.rng.choice(ASKED))

    def _search(self, chat: Chat, person: User) -> None:
        """Ask for any chat's word, one's own or another's."""
        word = self.stage.rng.choice(list(self.words.values()))
        if word != self.words[chat.id]:
            # The answer may name what was asked for, so only the beginning of all words is asked.
            word = "canary"
        self.stage.demo.simulation.say(person, chat, f"/find {word}")

    def _press(self, chat: Chat, person: User) -> None:
        """Press any button of this chat, or send the data of a button of any other."""
        sim, rng = self.stage.demo.simulation, self.stage.rng
        here = [one for one in sim.sent(chat)[-20:] if _data_of(one)]
        if not here:
            return
        source = here
        if rng.random() < 0.3:
            source = [one for one in sim.sent(rng.choice(self.chats))[-20:] if _data_of(one)]
        if source:
            data = rng.choice(_data_of(rng.choice(source)))
            sim.press_data(person, rng.choice(here), data)

    def _edit(self, chat: Chat) -> None:
        if self.wrote[chat.id]:
            message = self.stage.rng.choice(self.wrote[chat.id])
            self.stage.demo.simulation.edit(message, f"{message.text.rpartition(' ')[0]} 7.77")

    def _file_of(self, message: Message) -> str:
        document = message.data.get("document")
        if not document:
            return ""
        found = self.stage.demo.simulation.telegram.files.find(document["file_id"])
        assert found is not None
        return found.content.decode("utf-8", "replace").lower()


def _data_of(message: Message) -> list[str]:
    return [
        button["callback_data"]
        for row in message.buttons
        for button in row
        if "callback_data" in button
    ]


async def kept_apart(stage: Stage) -> list[Line]:
    """A11: fifty people in chats that overlap do everything at random; no chat's word leaves it."""
    neighbourhood = _Neighbourhood(stage)
    neighbourhood.move_in()
    stage.program.start()
    actions = stage.rounds * ACTIONS_A_ROUND
    for _ in range(actions):
        neighbourhood.act()
        await asyncio.sleep(stage.rng.expovariate(PER_SECOND))
    took = await stage.town.drained(stage.database_url, 180)
    looked, foreign = neighbourhood.find_foreign()
    figures = (
        f"{actions} actions in {len(neighbourhood.words)} chats: {foreign} of {looked} messages hold a "
        f"word of another chat, drained in {as_seconds(took)}"
    )
    return [
        Line("A11", "nothing of one chat is seen in another", figures, not foreign and looked > 0)
    ]

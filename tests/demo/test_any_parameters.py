"""The server answers any parameters as the Bot API does, and never with 500."""

from __future__ import annotations

import random
from typing import Any

import pytest

from demo.botapi.requests.registry import METHODS
from demo.simulation import Simulation
from tests.demo.answers import Call

SEED = 20261121
ODD: list[Any] = [
    None, True, 0, -1, 1, 2**63, 1.5, "", " ", "x", "🧾", "null", "[]", "{}", '{"a":', "1e9",
    [], [1], [None], ["x"], [[]], [{}], {}, {"type": 5}, {"message_id": "x"}, {"type": "photo"},
    {"inline_keyboard": 5}, {"inline_keyboard": [5]}, {"inline_keyboard": [[5]]},
    {"keyboard": [[{}]]}, {"keyboard": "x"}, [{"type": "bold", "offset": "x"}],
    [{"type": "text_link", "offset": 0, "length": 1, "url": 5}], [{"command": 5}],
    {"type": "chat", "chat_id": {}}, "<b>", "attach://none",
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(METHODS.keys() - {"getupdates"}))
async def test_odd_parameters_are_answered(sim: Simulation, call: Call, name: str) -> None:
    chat = sim.private_chat(sim.add_user("Ann"))
    sent = (await call("sendMessage", chat_id=chat.id, text="hi")).result
    good = {"chat_id": chat.id, "message_id": sent["message_id"], "text": "hi", "action": "typing"}
    chance = random.Random(f"{SEED} {name}")
    names = sorted(METHODS[name].parameters)
    for _ in range(60):
        parameters = {key: chance.choice(ODD) for key in names if chance.random() < 0.6}
        parameters |= {key: good[key] for key in names if key in good and chance.random() < 0.8}
        answer = await call(name, **parameters)
        assert answer.status in (200, 400, 403, 404), (SEED, parameters)
        assert answer.body["ok"] == (answer.status == 200)

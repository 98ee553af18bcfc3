"""Count answers that overtook an earlier text's."""

from __future__ import annotations

from bench.faults.workload import Workload


def count_out_of_order(town: Workload) -> int:
    """Count answers that came before an earlier text's."""
    wrong = 0
    for person in town.people:
        mine = [f"{w.amount:.2f}" for w in town.wrote if w.chat_id == person.id]
        places = {amount: place for place, amount in enumerate(mine)}
        last = -1
        for message in town.sim.sent(town.sim.private_chat(person)):
            words = (word.strip("€$") for word in message.text.split())
            found = [places[word] for word in words if word in places]
            if found:
                wrong += found[0] < last
                last = max(last, found[0])
    return wrong

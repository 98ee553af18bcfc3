"""Create the first people of the demo, two members of a household with a chat each."""

from __future__ import annotations

from demo.simulation import Simulation

FIRST_NAMES = ("Mia", "Jonas")
GROUP_TITLE = "Household"


def add_household(simulation: Simulation, *, language_code: str = "en") -> None:
    """Add two people, a private chat for each, and a group with both and the bot."""
    mia, jonas = (simulation.add_user(name, language_code=language_code) for name in FIRST_NAMES)
    simulation.private_chat(mia)
    simulation.private_chat(jonas)
    simulation.add_group(GROUP_TITLE, [mia, jonas])

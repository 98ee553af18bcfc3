"""The challenger in the shadow: it never answers, and it is counted fairly."""

from __future__ import annotations

from ai.categories.local import LocalCategoriser
from ai.categories.shadow import ShadowCategoriser, Tally
from ports.categorising import Correction, Guess, Guesses, Memory


class Stubborn(LocalCategoriser):
    """Says the same to everything."""

    def guess(self, text: str, **_: object) -> Guesses:  # type: ignore[override]  # noqa: ARG002 -- deaf
        return Guesses((Guess("other", 1.0, "model"),))


def test_the_champion_answers() -> None:
    shadow = ShadowCategoriser(LocalCategoriser(), Stubborn())
    assert shadow.guess("coffee").best.category == "eating_out"


def test_both_are_counted_against_what_the_person_chose() -> None:
    shadow = ShadowCategoriser(LocalCategoriser(), Stubborn())
    memory: Memory = shadow.memory([Correction("note", "beer", "Vices")], ())
    memory.learn("coffee", None, "eating_out")  # the champion knew
    memory.learn("zorp", None, "other")  # the challenger was lucky
    assert shadow.tally.choices == 2
    assert shadow.tally == Tally(2, shadow.tally.champion_right, 1, shadow.tally.differed)
    assert shadow.tally.champion_right >= 1
    assert shadow.guess("beer", memory=memory).best.category == "Vices"

"""The challenger in the shadow: it never answers, and it is counted fairly."""

from __future__ import annotations

from ai.categories.local import LocalCategoriser
from ai.categories.shadow import ShadowCategoriser
from ports.categorising import Correction, Guess, Guesses, Memory
from ports.shadow import Tally


class Stubborn(LocalCategoriser):
    """Says the same to everything."""

    def guess(self, text: str, **_: object) -> Guesses:  # noqa: ARG002 -- deaf
        return Guesses((Guess("other", 1.0, "model"),))


def build() -> tuple[ShadowCategoriser, Memory]:
    shadow = ShadowCategoriser(LocalCategoriser(), Stubborn())
    return shadow, shadow.memory([Correction("note", "beer", "Vices")], ())


def test_the_champion_answers_with_and_without_a_memory() -> None:
    shadow, memory = build()
    assert shadow.guess("coffee").best.category == "eating_out"
    assert shadow.guess("coffee", memory=memory).best.category == "eating_out"
    assert shadow.guess("beer", memory=memory).best.category == "Vices"


def test_what_is_filed_is_compared_and_other_questions_are_not() -> None:
    shadow = ShadowCategoriser(LocalCategoriser(), Stubborn())
    memory = shadow.memory((), ())
    shadow.guess("coffee", memory=memory)
    shadow.guess("", memory=memory)  # both: other
    shadow.guess("milk 1l")  # a receipt's line votes, it is not filed
    assert shadow.take() == Tally(filed=2, filed_alike=1)


def test_both_are_judged_by_what_a_person_chose_before_they_learn_it() -> None:
    shadow, memory = build()
    memory.learn("coffee", None, "eating_out")  # the champion knew
    memory.learn("zorp", None, "Zorps")  # nobody knew
    memory.learn("zorp", None, "Zorps")  # the champion had learned it
    taken = shadow.take()
    assert (taken.corrected, taken.champion_right, taken.challenger_right) == (3, 2, 0)
    memory.learn("blorf", None, "other")  # the challenger was lucky
    assert shadow.take().challenger_right == 1


def test_counts_are_taken_once_and_can_be_put_back() -> None:
    shadow, memory = build()
    shadow.guess("coffee", memory=memory)
    taken = shadow.take()
    assert shadow.take() == Tally()
    shadow.put(taken)
    shadow.put(taken)
    assert shadow.take() == taken + taken

"""How far one choice reaches: to what shares words with it, not to the rest of the ledger."""

from __future__ import annotations

import pytest

from ai.categories.local import LocalCategoriser
from ports.categorising import SURE, Categorised, Correction, Memory

CATEGORISER = LocalCategoriser()
UNRELATED = ("taxi", "rent", "uber", "netflix", "bread", "haircut", "electricity", "blorf")
NEARLY = 0.005


def taught(*choices: tuple[str, str]) -> Memory:
    memory = CATEGORISER.memory((), ())
    for text, category in choices:
        memory.learn(text, None, category)
    return memory


@pytest.mark.parametrize("category", ["eating_out", "groceries", "Vices"])
@pytest.mark.parametrize("text", UNRELATED)
def test_one_choice_leaves_words_alone_that_share_nothing_with_it(text: str, category: str) -> None:
    fresh = CATEGORISER.guess(text, language="en")
    after = CATEGORISER.guess(text, language="en", memory=taught(("coffee", category)))
    assert after.best.category == fresh.best.category
    assert after.best.confidence == pytest.approx(fresh.best.confidence, abs=NEARLY)


def test_choices_that_general_knowledge_would_have_made_move_nothing_else() -> None:
    memory = taught(*[("coffee", "eating_out"), ("bus", "transport"), ("bread", "groceries")] * 20)
    for text in ("rent", "netflix", "haircut"):
        fresh = CATEGORISER.guess(text, language="en").best
        after = CATEGORISER.guess(text, language="en", memory=memory).best
        assert after.confidence == pytest.approx(fresh.confidence, abs=NEARLY)


def test_one_choice_against_the_rule_does_not_bring_its_kin_in_doubt() -> None:
    memory = taught(("coffee", "Vices"))
    for text in ("pizza", "tea", "lunch"):
        assert CATEGORISER.guess(text, language="en", memory=memory).sure, text


def test_a_few_choices_against_the_rule_leave_other_categories_sure() -> None:
    memory = taught(("coffee", "Vices"), ("phone cover", "other"), ("bus", "Work"))
    for text in ("rent", "netflix", "haircut", "bread", "aspirin"):
        assert CATEGORISER.guess(text, language="en", memory=memory).sure, text


def test_what_shares_a_word_with_a_choice_follows_it() -> None:
    memory = taught(("phone cover", "other"))
    fresh = CATEGORISER.guess("tablet cover", language="en").ranked
    after = CATEGORISER.guess("tablet cover", language="en", memory=memory).ranked
    before = next((guess.confidence for guess in fresh if guess.category == "other"), 0.0)
    assert next(guess.confidence for guess in after if guess.category == "other") > before + 0.05


def test_what_a_choice_takes_from_a_guess_goes_to_what_was_chosen() -> None:
    ranked = CATEGORISER.guess("phone case", memory=taught(("phone cover", "other"))).ranked
    assert {guess.category for guess in ranked[:2]} == {"other", "shopping"}


def test_an_entry_booked_in_doubt_and_left_unanswered_makes_nothing_sure() -> None:
    fresh = CATEGORISER.guess("water", language="en")
    assert not fresh.sure
    memory = CATEGORISER.memory((), [Categorised("water", fresh.best.category)])
    for text in ("water", *UNRELATED):
        alone = CATEGORISER.guess(text, language="en").best
        after = CATEGORISER.guess(text, language="en", memory=memory).best
        assert after.category == alone.category
        assert after.confidence == pytest.approx(alone.confidence, abs=0.05)
        assert (after.confidence >= SURE) == (alone.confidence >= SURE)


def test_a_daily_coffee_after_one_choice_is_one_choice() -> None:
    choice = (Correction("note", "coffee", "Vices"),)
    memory = CATEGORISER.memory(choice, [Categorised("coffee", "Vices")] * 200)
    assert CATEGORISER.guess("coffee", memory=memory).best.category == "Vices"
    for text in ("pizza", "tea", "taxi", "bread"):
        assert CATEGORISER.guess(text, language="en", memory=memory).sure, text


def test_an_imported_ledger_of_other_names_is_followed() -> None:
    rows = [("bus", "Wheels"), ("taxi", "Wheels"), ("train", "Wheels"), ("coffee", "Bites")]
    rows += [("pizza", "Bites"), ("lunch", "Bites"), ("rent", "Home"), ("electricity", "Home")]
    memory = CATEGORISER.memory((), [Categorised(text, category) for text, category in rows] * 5)
    assert CATEGORISER.guess("tram", language="en", memory=memory).best.category == "Wheels"
    assert CATEGORISER.guess("dinner", language="en", memory=memory).best.category == "Bites"


@pytest.mark.parametrize("category", ["income", "transfer"])
def test_an_income_or_transfer_teaches_nothing_about_expenses(category: str) -> None:
    fresh = CATEGORISER.guess("dinner", language="en", memory=CATEGORISER.memory((), ()))
    learned = taught(("dinner", category))
    rebuilt = CATEGORISER.memory(
        [Correction("note", "dinner", category)], [Categorised("dinner", category)] * 20
    )
    for memory in (learned, rebuilt):
        assert CATEGORISER.guess("dinner", language="en", memory=memory) == fresh


def test_an_income_keeps_the_category_that_a_person_chose_before() -> None:
    memory = taught(("dinner", "Dates"), ("dinner", "income"))
    assert CATEGORISER.guess("dinner", memory=memory).best.category == "Dates"


def test_the_name_of_an_own_category_says_what_belongs_there() -> None:
    named = taught(*[("zorp", "Gifts for Mia")] * 3, ("blorf", "Stuff"))
    plain = taught(*[("zorp", "Mia")] * 3, ("blorf", "Stuff"))

    def share(memory: Memory, category: str) -> float:
        ranked = CATEGORISER.guess("birthday present", memory=memory).ranked
        return next((g.confidence for g in ranked if g.category == category), 0.0)

    assert share(named, "Gifts for Mia") > share(plain, "Mia")

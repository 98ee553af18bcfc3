"""The local categoriser on what people type, and the chat's memory before it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ai.categories.local import LocalCategoriser
from ledger.categories import IDS, merchant_key, note_key
from ports.categorising import Categorised, Categoriser, Correction

CATEGORISER: Categoriser = LocalCategoriser()


@pytest.mark.parametrize(
    ("text", "language", "category"),
    [
        ("coffee", "en", "eating_out"),
        ("weekly groceries", "en", "groceries"),
        ("uber to the airport", "en", "transport"),
        ("Wohnungsmiete Mai", "de", "housing"),  # a compound that no list has
        ("tanken", "de", "transport"),
        ("alquiler piso", "es", "housing"),
        ("facture d'électricité", "fr", "utilities"),
        ("pain", "fr", "groceries"),  # bread, not an ache
        ("bolletta luce", "it", "utilities"),
        ("conta de luz", "pt", "utilities"),
        ("аптека", "ru", "health"),
        ("таксі додому", "uk", "transport"),
        ("fryzjer", "pl", "personal_care"),
        ("kira", "tr", "housing"),
        ("打车回家", "zh", "transport"),  # no blanks between words
        ("映画", "ja", "entertainment"),
        ("दवा", "hi", "health"),  # vowel signs are part of the word
        ("إيجار", "ar", "housing"),
    ],
)
def test_plain_notes_of_fourteen_languages_are_filed(
    text: str, language: str, category: str
) -> None:
    assert CATEGORISER.guess(text, language=language).best.category == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("dog insurance", "fees_taxes_insurance"),  # not a pet expense
        ("birthday gift headphones", "gifts_donations"),  # not shopping
        ("SQ *STARBUCKS 0012 SEATTLE", "eating_out"),  # a bank's line
        ("KARTENZAHLUNG REWE 4711", "groceries"),
    ],
)
def test_the_word_that_decides_wins(text: str, category: str) -> None:
    assert CATEGORISER.guess(text).best.category == category


@pytest.mark.parametrize(
    "text",
    [
        "coffee",
        "tea",
        "lunch",
        "pizza",
        "beer",
        "netflix",
        "rent",
        "haircut",
        "electricity",
        "school fees",
    ],
)
def test_a_word_with_one_plain_meaning_is_filed_without_a_question(text: str) -> None:
    assert CATEGORISER.guess(text, language="en").sure
    assert CATEGORISER.guess(text, language="en", memory=CATEGORISER.memory((), ())).sure


@pytest.mark.parametrize("text", ["phone cover", "birthday card", "water", "cake"])
def test_what_homes_file_under_different_heads_is_asked(text: str) -> None:
    assert not CATEGORISER.guess(text, language="en").sure


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("coffee", {"groceries", "entertainment"}),  # not housing
        ("electricity", {"housing", "subscriptions"}),  # not transport
        ("water", {"utilities"}),  # the list knows both
    ],
)
def test_buttons_offer_what_the_text_names_and_then_neighbours(
    text: str, offered: set[str]
) -> None:
    assert offered <= set(CATEGORISER.guess(text, language="en").alternatives(2))


def test_a_receipt_without_a_note_is_filed_by_its_merchant() -> None:
    best = CATEGORISER.guess("", merchant="LIDL").best
    assert (best.category, best.source) == ("groceries", "brand")


def test_nothing_said_is_other_and_never_sure() -> None:
    for text in ("", "   ", "!!!", "💸"):
        guesses = CATEGORISER.guess(text)
        assert guesses.best.category == "other"
        assert not guesses.sure


def test_confidences_are_probabilities_in_falling_order() -> None:
    for text in ("coffee", "blorf", "x" * 5000, "1 " * 500, "\u0000\ud800"):
        ranked = CATEGORISER.guess(text).ranked
        shares = [guess.confidence for guess in ranked]
        assert shares == sorted(shares, reverse=True)
        assert all(0 <= share <= 1 for share in shares)
        assert {guess.category for guess in ranked} <= set(IDS)


def test_buttons_never_offer_transfer_unless_it_is_the_best_guess() -> None:
    offered = CATEGORISER.guess("something for Anna").alternatives(5)
    assert "transfer" not in offered


def test_what_a_person_chose_once_is_right_from_then_on() -> None:
    memory = CATEGORISER.memory((), ())
    memory.learn("coffee", None, "Vices")
    guesses = CATEGORISER.guess("  COFFEE ", memory=memory)
    assert (guesses.best.category, guesses.best.source) == ("Vices", "note")
    assert guesses.sure


def test_the_last_choice_wins_over_any_number_before_it() -> None:
    memory = CATEGORISER.memory((), ())
    for _ in range(30):
        memory.learn("milk", None, "groceries")
    memory.learn("milk", None, "Kids")
    assert CATEGORISER.guess("milk", memory=memory).best.category == "Kids"


def test_a_merchant_is_remembered_where_the_note_is_new() -> None:
    memory = CATEGORISER.memory((), ())
    memory.learn("party", "REWE 0012", "Parties")
    best = CATEGORISER.guess("cables", merchant="Rewe #77", memory=memory).best
    assert (best.category, best.source) == ("Parties", "merchant")


def test_stored_rows_build_the_memory_that_was_learned() -> None:
    rows = (
        Correction("note", note_key("Coffee"), "Vices"),
        Correction("merchant", merchant_key("Shell 123"), "Company car"),
    )
    memory = CATEGORISER.memory(rows, [Categorised("tea", "Vices")])
    assert CATEGORISER.guess("coffee", memory=memory).best.category == "Vices"
    filled = CATEGORISER.guess("", merchant="Shell", memory=memory)
    assert filled.best.category == "Company car"


def test_own_categories_spread_to_notes_that_are_new() -> None:
    memory = CATEGORISER.memory((), ())
    for text in ("bus to work", "train ticket", "taxi home", "metro card", "tram"):
        memory.learn(text, None, "Getting around")
    assert CATEGORISER.guess("bus ticket", memory=memory).best.category == "Getting around"


def test_one_correction_does_not_move_its_kin() -> None:
    memory = CATEGORISER.memory((), ())
    memory.learn("beer", None, "Vices")
    for text in ("coffee", "pizza", "lunch with Sam"):
        assert CATEGORISER.guess(text, memory=memory).best.category == "eating_out"


def test_a_fresh_memory_repeats_general_knowledge() -> None:
    memory = CATEGORISER.memory((), ())
    for text in ("coffee", "rent", "blorf"):
        assert CATEGORISER.guess(text, memory=memory) == CATEGORISER.guess(text)


def test_history_is_weaker_than_a_correction_and_never_exact() -> None:
    memory = CATEGORISER.memory((), [Categorised("coffee", "groceries")])
    assert CATEGORISER.guess("coffee", memory=memory).best.source == "chat"


def test_importing_reads_no_file() -> None:
    code = (
        "import sys, ai.categories.local as local; "
        "print('sklearn' in sys.modules, local.open_bundled.cache_info().currsize)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "0"]

"""Words, phrases and brands: what the categoriser's parts see in a text."""

from __future__ import annotations

import pytest

from ai.categories.brands import open_brands
from ai.categories.features import WORDS_MAX, buckets_of, words_of
from ai.categories.lexicon import LANGUAGES, open_lexicon, read_phrases
from ai.categories.neighbours import near_categories, order_sensibly
from ledger.categories import IDS, SPENDING

LEXICON = open_lexicon()
BRANDS = open_brands()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Café crème", ["cafe", "creme"]),  # accents go
        ("2kg rice", ["2", "kg", "rice"]),  # figures part from letters
        ("打车12", ["打", "车", "12"]),  # characters are words
        ("दूध", ["दूध"]),  # vowel signs stay in the word
        ("it's", ["it", "s"]),  # apostrophes part
        ("", []),
    ],
)
def test_a_text_is_split_into_folded_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_endless_text_is_bounded() -> None:
    assert len(words_of("a " * 100_000)) <= WORDS_MAX


def test_features_do_not_depend_on_the_process() -> None:
    # crc32, unlike hash(), is the same everywhere; these are the weights' addresses.
    assert buckets_of(["tea"])[:2] == buckets_of(["tea", "time"])[:2]


def names(text: str, language: str = "") -> list[set[str]]:
    hits = LEXICON.hits(words_of(text), language)
    return [{IDS[at] for at in hit.meaning.categories} for hit in hits]


def test_the_longest_phrase_wins() -> None:
    assert names("car insurance") == [{"fees_taxes_insurance"}]


def test_a_language_means_its_own() -> None:
    assert names("pan", "es") == [{"groceries"}]
    assert names("pan", "en") == [{"housing"}]
    assert names("pan")[0] >= {"groceries", "housing"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_names_known_categories_and_real_words(language: str) -> None:
    phrases = read_phrases(language)
    assert phrases
    for category, phrase in phrases:
        assert category in IDS, (category, phrase)
        assert words_of(phrase.lstrip("!")), phrase


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("burger king", True),
        ("SQ *BURGER KING #12", True),  # a bank's words and figures part nothing
        ("lunch at burger king", False),
    ],
)
def test_a_brand_is_found_inside_its_text(text: str, whole: bool) -> None:  # noqa: FBT001 -- a table
    hit = BRANDS.find(words_of(text))
    assert hit is not None
    assert (IDS[hit.category], hit.whole) == ("eating_out", whole)


def test_every_category_has_three_neighbours_that_can_be_spent_on() -> None:
    assert set(near_categories()) == set(IDS)
    for category, near in near_categories().items():
        assert len(set(near) - {category}) == 3, category
        assert set(near) <= set(SPENDING), category


def test_what_a_text_names_stands_before_the_neighbours_of_its_best() -> None:
    others = ["housing", "health", "groceries", "entertainment"]
    ordered = order_sensibly("eating_out", others, frozenset({"health"}))
    assert ordered == ["health", "groceries", "entertainment", "housing"]

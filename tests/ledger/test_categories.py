"""The default categories, their groups, and the keys of a chat's memory."""

from __future__ import annotations

import pytest

from ledger.categories import (
    CATEGORIES,
    GROUPS,
    IDS,
    SPENDING,
    SYSTEM,
    find_category,
    group_of,
    members_of,
    merchant_key,
    note_key,
)

# The fixed groups of the public face (`/budget`).
FIXED = {
    "Food": {"groceries", "eating_out"},
    "Travel": {"transport", "travel"},
    "Shopping": {"shopping", "kids_pets"},
    "Bills": {"housing", "utilities", "subscriptions", "fees_taxes_insurance", "education"},
    "Entertainment": {"entertainment"},
    "Health": {"health", "personal_care"},
    "Other": {"gifts_donations", "other"},
}


def test_the_groups_are_those_of_the_contract() -> None:
    assert {group: set(members_of(group)) for group in GROUPS} == FIXED


def test_every_spending_category_is_in_one_group() -> None:
    grouped = [member for group in GROUPS for member in members_of(group)]
    assert sorted(grouped) == sorted(SPENDING)


def test_income_and_transfer_are_no_spending() -> None:
    assert set(IDS) - set(SPENDING) == {"income", "transfer"}
    assert frozenset({"transfer"}) == SYSTEM
    assert group_of("income") is None
    assert group_of("transfer") is None


def test_a_category_of_the_chats_own_counts_as_other() -> None:
    assert find_category("Beer fund") is None
    assert group_of("Beer fund") == "Other"


def test_every_category_has_an_emoji_of_its_own() -> None:
    assert len({category.emoji for category in CATEGORIES}) == len(CATEGORIES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coffee", "coffee"),  # case
        ("  coffee   to  go ", "coffee to go"),  # spacing
        ("coffee!", "coffee"),  # what closes a sentence
        ("ＣＯＦＦＥＥ", "coffee"),  # full-width letters of East Asian keyboards
        ("Straße", "STRASSE"),  # sharp s has no capital on many phones
        ("café", "cafe\u0301"),  # composed and decomposed accents
    ],
)
def test_the_same_note_written_otherwise_has_the_same_key(one: str, other: str) -> None:
    assert note_key(one) == note_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 tickets rome", "3 tickets rome"),  # figures may part categories
        ("coffee", "coffee beans"),  # a word more
        ("café", "cafe"),  # another word in some languages
    ],
)
def test_different_notes_have_different_keys(one: str, other: str) -> None:
    assert note_key(one) != note_key(other)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("REWE #0123", "rewe"),  # branch number with a mark
        ("Rewe 4711", "rewe"),  # and without
        ("7-Eleven", "7 eleven"),  # a short number is part of the name
        ("H&M", "h&m"),  # the ampersand is part of the name
        ("Trader Joe's", "trader joe s"),  # apostrophes part words
        ("Магнит", "магнит"),  # other scripts stay
        ("1234", "1234"),  # nothing but figures: kept
    ],
)
def test_a_merchants_branches_have_one_key(printed: str, key: str) -> None:
    assert merchant_key(printed) == key

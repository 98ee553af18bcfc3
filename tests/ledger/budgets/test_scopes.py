"""What a budget counts, and what a person means by its name."""

from __future__ import annotations

import pytest

from ledger.budgets.scopes import categories_of, covers, find_scope, near_scopes
from ledger.categories import GROUPS, SPENDING
from ledger.settings import OwnCategory

OWN = (OwnCategory("Vet", "Vet"), OwnCategory("groceries", "Supermarkt"))
GERMAN = {"Lebensmittel": "groceries", "Essen": "Food", "Umbuchung": "transfer"}


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        # a group, in any case
        ("food", "Food"),
        ("FOOD", "Food"),
        ("bills", "Bills"),
        # a category by id or as people write it
        ("groceries", "groceries"),
        ("eating_out", "eating_out"),
        ("Eating Out", "eating_out"),
        # both a group and a category: the category, unless all of it is meant
        ("travel", "travel"),
        ("TRAVEL", "travel"),
        ("Travel", "Travel"),
        ("all travel", "Travel"),
        # the chat's own words
        ("vet", "Vet"),
        ("supermarkt", "groceries"),
        ("lebensmittel", "groceries"),
        ("essen", "Food"),
        # everything
        ("total", ""),
        ("all", ""),
        # nothing is spent there
        ("income", None),
        ("transfer", None),
        ("umbuchung", None),
        # unknown
        ("grocries", None),
    ],
)
def test_a_name_means_a_scope(words: str, scope: str | None) -> None:
    assert find_scope(words, GERMAN, OWN) == scope


def test_what_is_nearly_a_name_is_offered() -> None:
    assert near_scopes("grocries", GERMAN, OWN)[0] == "groceries"
    assert near_scopes("foood", {}, ())[0] == "Food"
    assert near_scopes("qqqq", GERMAN, OWN) == []


def test_every_category_counts_in_exactly_one_group() -> None:
    for category in (*SPENDING, "Vet", ""):
        assert sum(covers(group, category) for group in GROUPS) == 1
        assert covers("", category)


def test_the_list_of_a_scope_is_what_it_covers() -> None:
    known = (*SPENDING, "Vet", "")
    for scope in (*GROUPS, *SPENDING, "Vet"):
        listed = set(categories_of(scope, OWN))
        assert listed == {category for category in known if covers(scope, category)}
    assert categories_of("") == (), "the total is asked of the books without a list"

"""Map names of categories and groups in the languages of a chat, as people may type them."""

from __future__ import annotations

from functools import lru_cache

from ledger.settings import Settings
from presentation.localizer import localizer_for


@lru_cache(maxsize=1024)
def list_category_names(settings: Settings) -> dict[str, str]:
    """Return every name by which a chat may call a category, to the category's id."""
    return localizer_for(settings).category_names()


@lru_cache(maxsize=1024)
def list_group_names(settings: Settings) -> dict[str, str]:
    """Return every name by which a chat may call a group of categories, to the group's id."""
    return localizer_for(settings).group_names()


@lru_cache(maxsize=1024)
def list_scope_names(settings: Settings) -> dict[str, str]:
    """Return every name by which a chat may call a budget's scope, to the scope's id."""
    return localizer_for(settings).scope_names()

"""What is read off a receipt meets the database as typed entries do, which are tried over both kinds."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """URL of an empty SQLite database, in place of one of each kind."""
    return sqlite_url

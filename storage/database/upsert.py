"""Build `INSERT … ON CONFLICT` for both databases.

SQLite took PostgreSQL's syntax, and SQLAlchemy compiles SQLite's insert for PostgreSQL as well, so
one statement serves both, and PostgreSQL's dialect (2 MB) is loaded only where that is the database.
The contract suite runs every one of them on both.
"""

from __future__ import annotations

from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate

__all__ = ["Insert", "insert"]

# PostgreSQL's compiler looks here for the name of a constraint, which SQLite's syntax does not have.
OnConflictDoNothing.constraint_target = None  # type: ignore[attr-defined]
OnConflictDoUpdate.constraint_target = None  # type: ignore[attr-defined]

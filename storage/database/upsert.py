"""Build `INSERT … ON CONFLICT` for both databases.

SQLite took PostgreSQL's syntax, and SQLAlchemy compiles PostgreSQL's insert for SQLite as well, so
one statement serves both. The contract suite runs every one of them on both.
"""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import Insert, insert

__all__ = ["Insert", "insert"]

"""Run Alembic's revisions on the connection it is given, or on `DATABASE_URL`.

The second way is for whoever writes a revision:
`DATABASE_URL=… alembic -c storage/migrations/alembic.ini revision --autogenerate -m "…"`.
"""

from __future__ import annotations

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

from storage.database.connections.engine import (
    build_postgres_engine,
    build_sqlite_engine,
    is_sqlite,
    parse_url,
)
from storage.database.tables import metadata


def run(connection: Connection) -> None:
    """Run on a connection whose transaction belongs to the caller."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        # SQLite changes a table by rebuilding it.
        render_as_batch=True,
        transactional_ddl=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_by_url() -> None:
    """Connect by the settings."""
    url = parse_url(os.environ["DATABASE_URL"])
    if is_sqlite(url):
        with build_sqlite_engine(url).connect() as connection:
            run(connection)
    else:
        asyncio.run(_run_postgres())


async def _run_postgres() -> None:
    engine = build_postgres_engine(parse_url(os.environ["DATABASE_URL"]), pool_size=1)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


handed = context.config.attributes.get("connection")
if handed is None:
    run_by_url()
else:
    run(handed)

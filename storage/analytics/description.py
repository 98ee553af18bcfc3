"""Describe the table that analysts get: its columns, and statements that open it.

It holds nothing that a person typed: no note, shop, tag or name, and a category of a chat's own
appears as `own`. Who counts, sums and compares needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type in SQL, and what it means."""

    name: str
    kind: str
    meaning: str


MONTH: Final = "month"
"""The partition of a file, as a part of its name (`month=2026-11`)."""
COLUMNS: Final = (
    Column("id", "string", "opaque and stable; a row of the same id is the same entry"),
    Column("ledger_id", "bigint", "the ledger, which is one chat's"),
    Column("spent_on", "date", "day of the expense or income"),
    Column("type", "string", "expense, income or transfer"),
    Column("category", "string", "id of a known category; `own` for one that a chat made"),
    Column("currency", "string", "ISO 4217 code of amount"),
    Column("amount", "decimal(20,4)", "as typed or printed, always positive"),
    Column("base_currency", "string", "the ledger's currency; empty while no rate is known"),
    Column("base_amount", "decimal(20,4)", "amount in base_currency"),
    Column("source", "string", "text, receipt, recurring, import or api"),
    Column("created_at", "timestamp", "UTC"),
    Column("updated_at", "timestamp", "UTC"),
)


def describe() -> bytes:
    """Return the description as JSON."""
    columns = [{"name": c.name, "type": c.kind, "meaning": c.meaning} for c in COLUMNS]
    columns.append({"name": MONTH, "type": "string", "meaning": "partition: year and month"})
    table = {
        "table": "entries",
        "meaning": "every entry that is not deleted; written again each night",
        "parquet": "parquet/month=YYYY-MM/entries.parquet",
        "csv": "csv/month=YYYY-MM/entries.csv.gz",
        "columns": columns,
    }
    return orjson.dumps(table, option=orjson.OPT_INDENT_2)


def write_athena(place: str) -> bytes:
    """Return the statements that make the table in Athena, from where QuickSight reads it."""
    columns = ",\n".join(f"  {c.name} {c.kind} COMMENT '{c.meaning}'" for c in COLUMNS)
    return (
        f"CREATE EXTERNAL TABLE kvitto_entries (\n{columns}\n)\n"
        f"PARTITIONED BY ({MONTH} string)\nSTORED AS PARQUET\n"
        f"LOCATION '{place}parquet/';\n"
        "MSCK REPAIR TABLE kvitto_entries;\n"
    ).encode()


def write_duckdb(place: str) -> bytes:
    """Return a query for DuckDB: sums by month, currency and category."""
    return (
        f"SELECT {MONTH}, currency, category, sum(amount) AS total, count(*) AS entries\n"
        f"FROM read_parquet('{place}parquet/*/*.parquet', hive_partitioning = true)\n"
        "WHERE type = 'expense' GROUP BY ALL ORDER BY ALL;\n"
    ).encode()

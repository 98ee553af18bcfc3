"""Define what an export is asked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ledger.formats.known import FormatName
from web.api.models.expenses import FilterQuery


class ExportQuery(FilterQuery):
    """The format of a file, and its entries."""

    format: Annotated[FormatName, Field(description="The format of the file")] = "csv"

"""Define the tools of the MCP server; clients show people and models the docstrings.

Each is one call of the API and takes the API's own models. A token that may not write has no tool
that does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from mcp.types import ToolAnnotations
from pydantic import Field

from bot.cli.mcp.calls import ApiCalls
from web.api.models.expenses import ExpensePatch, ExpenseQuery
from web.api.models.fields import Name, Sentence, SourceId

Tool = Callable[..., Awaitable[dict[str, Any]]]
Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="The `id` of an entry")]
Version = Annotated[
    str, Field(min_length=1, max_length=100, description="The `version` that get_entry returned")
]

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_ADDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_CHANGES = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False
)


@dataclass(frozen=True, slots=True)
class LedgerTools:
    """Tools over one ledger."""

    calls: ApiCalls

    async def search_entries(self, which: ExpenseQuery | None = None) -> dict[str, Any]:
        """List expenses and incomes, the newest day first; all filters that are given must hold.

        `next` is the `cursor` of the page behind this one, null on the last page.
        """
        given = {} if which is None else which.model_dump(mode="json", by_alias=True)
        return await self.calls.get("expenses", {k: v for k, v in given.items() if v is not None})

    async def get_entry(self, entry_id: Id) -> dict[str, Any]:
        """Read one entry, with the version that a change or deletion of it must name."""
        entry, version = await self.calls.get_versioned(_path(entry_id))
        return {"entry": entry, "version": version}

    async def summary(
        self,
        period: Annotated[
            Name | None, Field(description="`month`, `last week`, `2026-09`; left out: this month")
        ] = None,
    ) -> dict[str, Any]:
        """Sum up a period against the one before: spent, income, categories, days, budgets."""
        return await self.calls.get("summary", {"period": period} if period else {})

    async def ask(self, question: Sentence) -> dict[str, Any]:
        """Ask about the ledger in plain words, such as "how much on coffee last month?".

        The figures are computed from the entries, and `text` states how the question was read.
        """
        return await self.calls.post("questions", {"text": question})

    async def budgets(self) -> dict[str, Any]:
        """List the budgets with what is spent, left and left a day."""
        return await self.calls.get("budgets")

    async def add_entry(
        self,
        sentence: Sentence,
        source_id: Annotated[
            SourceId | None,
            Field(description="Your name for this sentence; under the same name it is booked once"),
        ] = None,
    ) -> dict[str, Any]:
        """Book what a sentence says, such as "lunch 12.50 yesterday #work", as the chat would.

        All of it is booked or nothing; where it is unclear, `needs` holds the readings to choose from.
        """
        named = {"source_id": source_id} if source_id else {}
        return await self.calls.post("capture", {"text": sentence, **named})

    async def change_entry(
        self, entry_id: Id, version: Version, changes: ExpensePatch
    ) -> dict[str, Any]:
        """Change fields of an entry that nobody changed since its version was read."""
        body = changes.model_dump(mode="json", exclude_unset=True)
        entry, version = await self.calls.change(_path(entry_id), version, body)
        return {"entry": entry, "version": version}

    async def delete_entry(self, entry_id: Id, version: Version) -> dict[str, Any]:
        """Delete an entry that nobody changed since its version was read; `/undo` brings it back."""
        await self.calls.change(_path(entry_id), version, None)
        return {"deleted": entry_id}


def list_tools(calls: ApiCalls, scopes: Collection[str]) -> list[tuple[Tool, ToolAnnotations]]:
    """Return the tools that a token of these scopes may use."""
    tools = LedgerTools(calls)
    found: list[tuple[Tool, ToolAnnotations]] = []
    if "read" in scopes:
        reading = (tools.search_entries, tools.get_entry, tools.summary, tools.ask, tools.budgets)
        found += [(one, _READS) for one in reading]
    if "capture" in scopes:
        found.append((tools.add_entry, _ADDS))
    if "read" in scopes and "write" in scopes:
        found += [(tools.change_entry, _CHANGES), (tools.delete_entry, _CHANGES)]
    return found


def _path(entry_id: str) -> str:
    return f"expenses/{quote(entry_id, safe='')}"

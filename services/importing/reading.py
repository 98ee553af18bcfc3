"""Read an imported file in a job, and compare its rows with the ledger.

It is done at least once, so each step checks the stored state first. The file is stored before
anything else happens, and nothing of the ledger changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from ledger.chats import Chat
from ledger.errors import InputError, UnavailableError
from ledger.imports.batches import IMPORTED, Example, Found, ImportBatch, ImportState, Status
from ledger.imports.matching import Match, match_rows, widen
from ledger.imports.rows import ImportRow, from_values, list_source_keys, to_values
from ports.blobs import Blobs
from ports.files import Files
from ports.jobs import ImportRead, ReadImport, UnreadFile
from ports.queue import Job
from ports.reading import FileRefusal
from ports.repositories import Repositories
from ports.statements import FileKnowledge, ReadFile, StatementReader
from ports.units import UnitOfWorkFactory

KEYS_AT_ONCE = 500
EXAMPLES_MAX = 3
"""Examples of each status that the preview shows."""
UNREADABLE_SHOWN = 20
_TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class ImportReading:
    """Fetches, keeps and reads imported files. Raises `UnavailableError` where trying again is right."""

    units: UnitOfWorkFactory
    blobs: Blobs
    files: Files
    reader: StatementReader
    clock: Callable[[], datetime]

    async def run(self, job: ReadImport, claim: Job) -> ImportRead | None:
        """Return the event for the chat; None when the file was read before."""
        found = await self.units.read(lambda repositories: _find(repositories, job))
        if found is None or found[0].state != "reading":
            return None
        batch, chat, knowledge = found
        try:
            batch, data = await self._keep(batch, claim)
        except InputError as error:
            return ImportRead(job.ledger_id, job.import_id, UnreadFile(error.message_id))
        read = await self.reader.read(data, replace(knowledge, answers=dict(batch.answers)))
        if isinstance(read, FileRefusal):
            if read.temporary:
                raise UnavailableError(read.message_id)
            return ImportRead(job.ledger_id, job.import_id, UnreadFile(read.message_id))
        await self._compare(batch, chat, read, claim)
        return ImportRead(job.ledger_id, job.import_id)

    async def _keep(self, batch: ImportBatch, claim: Job) -> tuple[ImportBatch, bytes]:
        if batch.blob_key:
            return batch, await self.blobs.get(batch.blob_key)
        data = await self.files.fetch(batch.file_ref)
        key = await self.blobs.put(data, media_type="application/octet-stream")
        batch = replace(batch, blob_key=key)
        await self._save(batch, claim)
        return batch, data

    async def _compare(self, batch: ImportBatch, chat: Chat, read: ReadFile, claim: Job) -> None:
        rows = [from_values(orjson.loads(line)) for line in read.rows.splitlines()]
        keyed = list(zip(rows, list_source_keys(rows, read.kind), strict=True))
        matches = await self.units.read(
            lambda repositories: _match(repositories, chat.ledger.id, keyed)
        )
        lines = (_dump(match) for match in matches if match.status != "known")
        key = await self.blobs.put(b"\n".join(lines), media_type="application/jsonl")
        found = _describe(matches, read)
        state: ImportState = "asking" if found.choices else "ready"
        await self._save(replace(batch, rows_key=key, found=found, state=state), claim)

    async def _save(self, batch: ImportBatch, claim: Job) -> None:
        # The unit is refused when another process has the job by now.
        async with self.units.open(now=self.clock(), claim=claim) as unit:
            await unit.run(lambda repositories: _save_unless_decided(repositories, batch))


def load_line(line: bytes) -> tuple[Status, str, ImportRow]:
    """Return status, source key and row of a line of the stored rows."""
    status, key, values = orjson.loads(line)
    return status, key, from_values(values)


def _dump(match: Match) -> bytes:
    return orjson.dumps([match.status, match.source_key, to_values(match.row)])


def _find(
    repositories: Repositories, job: ReadImport
) -> tuple[ImportBatch, Chat, FileKnowledge] | None:
    batch = repositories.imports.find(job.ledger_id, job.import_id)
    if batch is None:
        return None
    chat = repositories.chats.of_ledger(job.ledger_id)
    today, currency = chat.ledger.today(batch.created_at), chat.settings.currency
    return batch, chat, FileKnowledge(today, currency, repositories.imports.layouts(job.ledger_id))


def _save_unless_decided(repositories: Repositories, batch: ImportBatch) -> None:
    current = repositories.imports.find(batch.ledger_id, batch.id)
    if current is not None and current.state == "reading":
        repositories.imports.save(batch)


def _match(
    repositories: Repositories, ledger_id: int, keyed: Sequence[tuple[ImportRow, str]]
) -> list[Match]:
    if not keyed:
        return []
    keys = [key for _, key in keyed]
    known: set[str] = set()
    for at in range(0, len(keys), KEYS_AT_ONCE):
        known |= repositories.entries.known_sources(ledger_id, keys[at : at + KEYS_AT_ONCE])
    days = [row.on for row, _ in keyed]
    candidates = repositories.entries.candidates(ledger_id, *widen(min(days), max(days)))
    return list(match_rows(keyed, known, candidates))


def _describe(matches: Sequence[Match], read: ReadFile) -> Found:
    days = [match.row.on for match in matches]
    return Found(
        kind=read.kind,
        counts=Counter(match.status for match in matches),
        sums=_sum(matches),
        examples=tuple(_list_examples(matches)),
        unreadable=tuple(
            (row.line, row.text[:_TEXT_MAX], row.why) for row in read.unreadable[:UNREADABLE_SHOWN]
        ),
        unreadable_count=read.unreadable_count,
        start=min(days, default=None),
        end=max(days, default=None),
        fingerprint=read.fingerprint,
        layout=read.layout,
        choices=read.choices,
        proved=read.proved,
    )


def _sum(matches: Sequence[Match]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for match in matches:
        if match.status in IMPORTED:
            money = match.row.money
            sums[match.row.type][money.currency] += money.minor
    return {kind: dict(by_currency) for kind, by_currency in sums.items()}


def _list_examples(matches: Sequence[Match]) -> Iterator[Example]:
    shown: Counter[Status] = Counter()
    for match in matches:
        shown[match.status] += 1
        if shown[match.status] <= EXAMPLES_MAX:
            row, entry = match.row, match.candidate
            yield Example(
                row.on,
                row.type,
                row.money.minor,
                row.money.currency,
                row.words[:_TEXT_MAX],
                match.status,
                row.line,
                entry.words[:_TEXT_MAX] if entry else "",
            )

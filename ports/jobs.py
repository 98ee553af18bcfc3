"""Define jobs and the events that they leave, one frozen dataclass each.

A job is named by what it does, an event by what happened. `kind` and `name` are stored with the
values and must not change. Values that a newer release adds need a default, because jobs and
events of the release before wait in the database while it is upgraded; names that changed since the
first release are read by their aliases.

`bot.setup.jobs` holds the one table from a job to its runner and to the handlers of its events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Protocol, TypeVar

import orjson
from pydantic import AliasChoices, Field, TypeAdapter, ValidationError

from ledger.entries.filter_fields import load_filter
from ledger.entries.queries import EntryFilter
from ledger.entries.source_keys import telegram_source
from ledger.formats.known import FormatName
from ledger.periods.period import Period
from ports.external_ai import ExtractedEntry
from ports.messages import Json
from ports.queue import NewJob, PermanentError

MessageKey = Annotated[str, Field(validation_alias=AliasChoices("message_key", "handle"))]
OptionalMessageKey = Annotated[
    str | None, Field(validation_alias=AliasChoices("message_key", "handle"))
]


class JobSpec(Protocol):
    """The values of a job; each kind has a dataclass of its own."""

    kind: ClassVar[str]


class Event(Protocol):
    """The result of a job, or another fact that is handled in a chat's partition."""

    name: ClassVar[str]


J = TypeVar("J", bound=JobSpec)
E = TypeVar("E", bound=Event)


# --- receipts -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """Read the picture of a stored receipt."""

    kind: ClassVar[str] = "receipt"
    ledger_id: int
    receipt_id: str
    addressed: bool = False
    """True when the picture was meant for the bot; a group gets no answer otherwise."""


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """The id and the values of the sentence that explains why a file was not read."""

    reason: Annotated[str, Field(validation_alias=AliasChoices("reason", "id"))]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptRead:
    """The reading of a receipt, or the reason why its file cannot be read."""

    name: ClassVar[str] = "receipt_read"
    ledger_id: int
    receipt_id: str
    addressed: bool = False
    drafts: tuple[dict[str, Any], ...] = ()
    """As `ledger.receipt.draft_json` writes them."""
    clean_key: str | None = None
    """Blob key of a copy without metadata."""
    picture_print: str = ""
    """The fingerprint that copies of the picture share; empty for documents."""
    refusal: UnreadFile | None = None


@dataclass(frozen=True, slots=True)
class ReceiptFailed:
    """The notice that a receipt was given up after all tries."""

    name: ClassVar[str] = "receipt_failed"
    ledger_id: int
    receipt_id: str
    addressed: bool = False

    @classmethod
    def of(cls, job: ReadReceipt, reference: str) -> ReceiptFailed:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.ledger_id, job.receipt_id, job.addressed)


# --- exports --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WriteExport:
    """Write a ledger's entries to files."""

    kind: ClassVar[str] = "export"
    ledger_id: int
    format: FormatName
    start: date | None = None
    end: date | None = None
    """The day after the last. Jobs of the release before have only these, and no `which`."""
    which: dict[str, Any] | None = None
    """A filter, as `ledger.entries.filter_fields` writes it."""

    @property
    def filter(self) -> EntryFilter:
        """Return the entries that are meant."""
        if self.which is not None:
            return load_filter(self.which)
        period = Period(self.start, self.end) if self.start and self.end else None
        return EntryFilter(period=period)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file in the blob store, ready to be sent."""

    blob_key: str
    file_name: str
    rows: int
    period: Period | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class ExportWritten:
    """The files of an export, which are in the blob store, or the reason why there are none."""

    name: ClassVar[str] = "exported"
    files: tuple[ExportedFile, ...]
    refusal: UnreadFile | None = None


@dataclass(frozen=True, slots=True)
class ExportFailed:
    """The notice that an export was given up; `reference` is the error's id in the log."""

    name: ClassVar[str] = "export_failed"
    reference: str

    @classmethod
    def of(cls, job: WriteExport, reference: str) -> ExportFailed:
        """Return the event of a job that was given up."""
        _ = job
        return cls(reference)


# --- imports --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadImport:
    """Read an imported file and compare it with the ledger."""

    kind: ClassVar[str] = "import_read"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportRead:
    """The notice that a file was read, or the reason why it cannot be."""

    name: ClassVar[str] = "import_read"
    ledger_id: int
    import_id: str
    refusal: UnreadFile | None = None

    @classmethod
    def of(cls, job: ReadImport, reference: str) -> ImportRead:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.ledger_id, job.import_id, UnreadFile("reading_failed"))


@dataclass(frozen=True, slots=True)
class ListImport:
    """Write the rows of a preview to a file that is sent."""

    kind: ClassVar[str] = "import_list"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportListed:
    """The file with the rows of a preview."""

    name: ClassVar[str] = "import_listed"
    file: ExportedFile


@dataclass(frozen=True, slots=True)
class WriteImport:
    """Write the rows of an imported file as entries."""

    kind: ClassVar[str] = "import_write"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ImportWritten:
    """The notice that all rows of a file are entries."""

    name: ClassVar[str] = "import_written"
    ledger_id: int
    import_id: str


@dataclass(frozen=True, slots=True)
class ReverseImport:
    """Undo a written import, or redo an undone one."""

    kind: ClassVar[str] = "import_reverse"
    ledger_id: int
    import_id: str
    operation_id: str
    """Id of the operation that holds the reversed changes."""
    redo: bool = False


@dataclass(frozen=True, slots=True)
class ImportReversed:
    """The notice that an import was undone or redone."""

    name: ClassVar[str] = "import_reversed"
    ledger_id: int
    import_id: str


# --- messages, chats, files -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DrawPicture:
    """Draw the picture of a message that waits for it."""

    kind: ClassVar[str] = "draw"
    message_key: MessageKey
    drawing: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindAdmins:
    """Ask Telegram who the admins of a group are."""

    kind: ClassVar[str] = "admins"
    chat_id: int


@dataclass(frozen=True, slots=True)
class AdminsFound:
    """The admins of a group, as Telegram lists them."""

    name: ClassVar[str] = "admins"
    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FollowEntries:
    """Have the messages edited that confirm entries, after a schedule changed the entries.

    Only the partition of a chat edits its cards, so the job just leaves its event there.
    """

    kind: ClassVar[str] = "follow_entries"
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntriesChanged:
    """Entries that changed while nobody wrote, the newest first."""

    name: ClassVar[str] = "entries_changed"
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeleteFiles:
    """Delete files of a ledger that was forgotten, or of a message that was sent."""

    kind: ClassVar[str] = "delete_blobs"
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatMigrated:
    """The new id of a group that became a supergroup; the sender leaves it, not a job."""

    name: ClassVar[str] = "chat_migrated"
    old_id: int
    new_id: int


# --- models that read words and voices ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DoubtfulCategory:
    """An entry whose category is a guess."""

    id: str
    category: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recategorise:
    """Ask a language model for better categories."""

    kind: ClassVar[str] = "refile"
    ledger_id: int
    entries: tuple[DoubtfulCategory, ...]
    shown: tuple[str, ...] = ()
    """Ids of all entries that the confirmation shows; empty when it must not be edited."""


@dataclass(frozen=True, slots=True)
class Recategorised:
    """The categories that a language model chose, by entry id."""

    name: ClassVar[str] = "refiled"
    ledger_id: int
    entries: tuple[DoubtfulCategory, ...]
    categories: dict[str, str]
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RereadText:
    """Ask a language model to extract entries from a refused text."""

    kind: ClassVar[str] = "words"
    text: str
    user_id: int
    source: str
    sent_at: datetime
    message_key: MessageKey
    """The refusal, which a question may replace."""


@dataclass(frozen=True, slots=True)
class TextReread:
    """The entries that a language model extracted from a refused text."""

    name: ClassVar[str] = "words_read"
    user_id: int
    source: str
    sent_at: datetime
    message_key: MessageKey
    entries: tuple[ExtractedEntry, ...]


@dataclass(frozen=True, slots=True)
class TranscribeVoice:
    """Transcribe a voice note."""

    kind: ClassVar[str] = "voice"
    file_id: str
    seconds: int
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None
    """The message that announces the job, which the result replaces."""


@dataclass(frozen=True, slots=True)
class VoiceTranscribed:
    """The transcript of a voice note, or the reason why there is none.

    `reason` is empty, or one of `gone`, `too_long`, `failed`, `silent`.
    """

    name: ClassVar[str] = "voice_heard"
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None
    text: Annotated[str, Field(validation_alias=AliasChoices("text", "words"))] = ""
    reason: Annotated[str, Field(validation_alias=AliasChoices("reason", "why"))] = ""


@dataclass(frozen=True, slots=True)
class VoiceFailed:
    """The notice that a voice note was given up after all tries."""

    name: ClassVar[str] = "voice_failed"
    user_id: int
    source: str
    sent_at: datetime
    message_key: OptionalMessageKey = None

    @classmethod
    def of(cls, job: TranscribeVoice, reference: str) -> VoiceFailed:
        """Return the event of a job that was given up; the answer names no reference."""
        _ = reference
        return cls(job.user_id, job.source, job.sent_at, job.message_key)


# --- cards ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PinCard:
    """Pin the message of a card without a sound, or unpin it."""

    kind: ClassVar[str] = "pin"
    chat_id: int
    message_key: str
    pinned: bool = True


@dataclass(frozen=True, slots=True)
class CardNotPinned:
    """The notice that the bot may not pin messages in this group."""

    name: ClassVar[str] = "card_not_pinned"
    message_key: str


# --- storing --------------------------------------------------------------------------------------


class UnreadableError(PermanentError):
    """Raised when stored values do not fit the dataclass of their kind; a retry cannot help."""


def new_job(job: JobSpec, key: str, partition: int | None = None) -> NewJob:
    """Return a job to start; another one of its kind with the same key is dropped.

    `partition` is the chat that is told the event; None where nobody is told.
    """
    values: dict[str, Json] = _adapter(type(job)).dump_python(job, mode="json")
    # The kind is part of the key, so jobs of two kinds about one message do not drop each other.
    return NewJob(f"{job.kind}:{key}", job.kind, values, partition=partition)


def load_job(job: type[J], values: Mapping[str, Any], partition: int | None) -> J:
    """Return the values of a stored job. Raises `UnreadableError`."""
    return _load(job, values, partition)


def dump_event(event: Event) -> str:
    """Return the JSON text of an event."""
    values = _adapter(type(event)).dump_python(event, mode="json")
    return orjson.dumps({"event": event.name, **values}).decode()


def load_event(known: Mapping[str, type[E]], body: str, partition: int) -> E:
    """Return the event of an inbox message. Raises `UnreadableError` for an unknown one too."""
    # Only known names are loaded: an event of a newer release is parked, not half understood.
    values = orjson.loads(body)
    event = known.get(str(values.get("event")))
    if event is None:
        raise UnreadableError
    return _load(event, values, partition)


T = TypeVar("T")


def _load(loaded: type[T], values: Mapping[str, Any], partition: int | None) -> T:
    if "source" not in values and "message_id" in values and partition is not None:
        # The first release stored the Telegram message alone; its chat is the partition.
        values = {**values, "source": telegram_source(partition, int(values["message_id"]))}
    try:
        value: T = _adapter(loaded).validate_python(values)
    except ValidationError:
        # Its message quotes the values, which may be a text of a person.
        raise UnreadableError from None
    return value


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(loaded: type[Any]) -> TypeAdapter[Any]:
    # Building one takes a millisecond or two, so each is built with its first value.
    if loaded not in _ADAPTERS:
        _ADAPTERS[loaded] = TypeAdapter(loaded)
    return _ADAPTERS[loaded]

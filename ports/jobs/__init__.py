"""Define jobs and the events that they leave, one frozen dataclass each.

A job is named by what it does, an event by what happened. `kind` and `name` are stored with the
values and must not change. Values that a newer release adds need a default, because jobs and
events of the release before wait in the database while it is upgraded; names that changed since the
first release are read by their aliases.

`bot.setup.jobs` holds the one table from a job to its runner and to the handlers of its events.
"""

from ports.jobs.chats import (
    AdminsFound,
    CardNotPinned,
    ChatMigrated,
    DrawPicture,
    FindAdmins,
    FindMember,
    MemberGone,
    PinCard,
)
from ports.jobs.entries import (
    DoubtfulCategory,
    EntriesChanged,
    FollowEntries,
    QuestionRead,
    ReadQuestion,
    Recategorise,
    Recategorised,
    RereadText,
    TextReread,
)
from ports.jobs.exporting import ExportedFile, ExportFailed, ExportWritten, WriteExport
from ports.jobs.importing import (
    ImportListed,
    ImportRead,
    ImportReversed,
    ImportWritten,
    ListImport,
    ReadImport,
    ReverseImport,
    WriteImport,
)
from ports.jobs.insights import InsightsPhrased, PhraseInsights
from ports.jobs.mail import MailCode, MailSummary, MailUndelivered
from ports.jobs.receipts import DeleteFiles, ReadReceipt, ReceiptFailed, ReceiptRead, UnreadFile
from ports.jobs.storing import (
    E,
    Event,
    J,
    JobSpec,
    MessageKey,
    OptionalMessageKey,
    T,
    UnknownEventError,
    UnreadableError,
    dump_event,
    load_event,
    load_job,
    new_job,
)
from ports.jobs.voice import TranscribeVoice, VoiceFailed, VoiceTranscribed
from ports.jobs.webhooks import DeliverWebhook, WebhookGivenUp

__all__ = [
    "AdminsFound",
    "CardNotPinned",
    "ChatMigrated",
    "DeleteFiles",
    "DeliverWebhook",
    "DoubtfulCategory",
    "DrawPicture",
    "E",
    "EntriesChanged",
    "Event",
    "ExportFailed",
    "ExportWritten",
    "ExportedFile",
    "FindAdmins",
    "FindMember",
    "FollowEntries",
    "ImportListed",
    "ImportRead",
    "ImportReversed",
    "ImportWritten",
    "InsightsPhrased",
    "J",
    "JobSpec",
    "ListImport",
    "MailCode",
    "MailSummary",
    "MailUndelivered",
    "MemberGone",
    "MessageKey",
    "OptionalMessageKey",
    "PhraseInsights",
    "PinCard",
    "QuestionRead",
    "ReadImport",
    "ReadQuestion",
    "ReadReceipt",
    "Recategorise",
    "Recategorised",
    "ReceiptFailed",
    "ReceiptRead",
    "RereadText",
    "ReverseImport",
    "T",
    "TextReread",
    "TranscribeVoice",
    "UnknownEventError",
    "UnreadFile",
    "UnreadableError",
    "VoiceFailed",
    "VoiceTranscribed",
    "WebhookGivenUp",
    "WriteExport",
    "WriteImport",
    "dump_event",
    "load_event",
    "load_job",
    "new_job",
]

"""Define every table, in one place. A change here needs a revision in `storage/migrations`.

Conventions: `*_minor` are integers of minor units of the currency next to them; `*_at` are times in
UTC (see `types`); ids that leave the database are opaque text. Partial indexes carry their
condition as a literal, because SQLite uses them only when the statement shows the same literal
(`delivery`, `pending` below).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnClause,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from storage.database.types import Json, RowId, StorableText, Utc

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

PENDING: ColumnClause[str] = literal_column("'pending'")
"""State of inbox rows and jobs that are still to be done."""
WAITING: ColumnClause[str] = literal_column("'waiting'")
"""State of outbox rows that may go to Telegram."""
NO: ColumnClause[bool] = literal_column("false")

FOREIGN_CONDITION = "(base_currency IS NULL OR base_currency <> currency)"
"""Entries in another currency than their ledger's."""


def _partial(name: str, *columns: str, where: str) -> Index:
    """Index only the rows that are still in work; it stays small however long the table gets."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


# --- ledgers, chats and members ---------------------------------------------------------------

ledgers = Table(
    "ledgers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    # Next to the settings, because sums are checked against it in SQL.
    Column("currency", Text, nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    # Empty for a chat that is only known to be muted.
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), index=True),
    Column("kind", Text, nullable=False),
    Column("title", StorableText, nullable=False),
    Column("muted", Boolean, nullable=False, server_default=NO),
    # The supergroup that this group became; the row stays, so that late messages find the ledger.
    Column("migrated_to", BigInteger),
)

members = Table(
    "members",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", StorableText, nullable=False),
    Column("username", StorableText),
    Column("language", StorableText),
    Column("is_admin", Boolean),
    Column("left", Boolean, nullable=False, server_default=NO),
    Column("seen_at", Utc, nullable=False),
    Index("ix_members_user_id", "user_id"),
)

# --- the ledger -----------------------------------------------------------------------------------

receipts = Table(
    "receipts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("source", StorableText, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("file_ref", StorableText, nullable=False),
    Column("file_name", StorableText, nullable=False),
    Column("caption", StorableText, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", Utc, nullable=False),
    Column("blob_key", Text),
    Column("clean_key", Text),
    Column("sha256", Text),
    Column("picture_print", Text),
    Column("text", StorableText, nullable=False),
    Column("reading", Json),
    UniqueConstraint("ledger_id", "source"),
    Index("ix_receipts_ledger_id_sha256", "ledger_id", "sha256"),
    _partial("ix_receipts_blob_key", "blob_key", where="blob_key IS NOT NULL"),
    _partial("ix_receipts_clean_key", "clean_key", where="clean_key IS NOT NULL"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("type", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("base_minor", BigInteger),
    Column("base_currency", Text),
    Column("rate", Text),
    Column("rate_on", Date),
    # provisional, own; empty for a published rate that is final.
    Column("rate_kind", Text),
    Column("spent_on", Date, nullable=False),
    Column("note", StorableText, nullable=False),
    Column("merchant", StorableText),
    Column("category", Text, nullable=False),
    Column("category_guessed", Boolean, nullable=False, server_default=NO),
    Column("tags", Json, nullable=False),
    Column("marks", Json, nullable=False, server_default=text("'[]'")),
    Column("paid_by", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    # Its origin, so that a repeated message is booked once (`ledger.entries.source_keys`).
    Column("source_key", StorableText, nullable=False),
    Column("receipt_id", Text, ForeignKey("receipts.id")),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("deleted_at", Utc),
    # Note, merchant and #tags, folded and cut by `ledger.entries.searching`, since SQLite knows only the
    # case of ASCII letters and PostgreSQL indexes no long rows.
    Column("search", StorableText, nullable=False),
    UniqueConstraint("ledger_id", "source_key"),
    # Covers every sum; it ends with `deleted_at` so that no row has to be looked at.
    Index(
        "ix_entries_summary",
        "ledger_id",
        "spent_on",
        "type",
        "category",
        "base_currency",
        "base_minor",
        "deleted_at",
    ),
    # Holds the searched text of every live entry in the order of pages: a search reads it from end
    # to end, which takes 20 ms for 100,000 entries, and never the rows.
    _partial(
        "ix_entries_search", "ledger_id", "spent_on", "id", "search", where="deleted_at IS NULL"
    ),
    _partial("ix_entries_receipt_id", "receipt_id", where="receipt_id IS NOT NULL"),
    _partial(
        "ix_entries_merchant", "ledger_id", "merchant", "spent_on", where="merchant IS NOT NULL"
    ),
    _partial(
        "ix_entries_unconverted",
        "ledger_id",
        "spent_on",
        where="base_minor IS NULL AND deleted_at IS NULL",
    ),
    _partial("ix_entries_provisional", "ledger_id", "spent_on", where="rate_kind = 'provisional'"),
    _partial(
        "ix_entries_foreign", "ledger_id", "currency", "spent_on", "id", where=FOREIGN_CONDITION
    ),
)

operations = Table(
    "operations",
    metadata,
    Column("seq", RowId, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("verb", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("undoes", Text, ForeignKey("operations.id")),
    Column("undone", Boolean, nullable=False, server_default=NO),
    # Without gaps in its ledger; the digest is empty for operations of before it was kept.
    Column("number", Integer),
    Column("digest", Text),
    Index("ix_operations_ledger_id_number", "ledger_id", "number", unique=True),
    Index("ix_operations_ledger_id_user_id_seq", "ledger_id", "user_id", "seq"),
    _partial("ix_operations_undoes", "undoes", where="undoes IS NOT NULL"),
    sqlite_autoincrement=True,
)

# What a check compares rows with (`repositories.evidence`): counts and digests.
evidence = Table(
    "evidence",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("operations", Integer, nullable=False, server_default=text("0")),
    Column("receipts", Integer, nullable=False, server_default=text("0")),
    Column("settings_digest", Text),
)

changes = Table(
    "changes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("operation_id", Text, ForeignKey("operations.id"), nullable=False, index=True),
    Column("ledger_id", RowId, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", StorableText, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Index("ix_changes_subject_id", "subject_id", "subject", "ledger_id"),
    sqlite_autoincrement=True,
)

budgets = Table(
    "budgets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("per", Text, nullable=False),
    Column("limit_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("carry", Text, nullable=False, server_default=text("'none'")),
    # The first day from which rests are carried, and former limits (`ledger.budgets.budget.LimitStep`).
    Column("carry_from", Date),
    Column("steps", Json, nullable=False, server_default=text("'[]'")),
    # The first and last day of a trip.
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("updated_at", Utc, nullable=False),
    Column("removed_at", Utc),
    # How many alerts were sent, so that a lost one is noticed.
    Column("alerts", Integer, nullable=False, server_default=text("0")),
)

alerts = Table(
    "alerts",
    metadata,
    Column("budget_id", Text, ForeignKey("budgets.id"), primary_key=True),
    Column("period_start", Date, primary_key=True),
    # `80%`, or a sum in minor units with its currency (`ledger.budgets.thresholds`).
    Column("threshold", Text, primary_key=True),
    # How often this threshold was reset before in the period: the claim is unique per generation.
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("reset", Boolean, nullable=False, server_default=NO),
    Column("alerted_at", Utc, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", StorableText, primary_key=True),
    Column("category", Text, nullable=False),
    Column("learned_at", Utc, nullable=False),
)

# A row of the whole day is a seventh of the size of a row per currency, and one look-up gives both
# sides of a cross rate.
daily_rates = Table(
    "daily_rates",
    metadata,
    Column("day", Date, primary_key=True),
    # JSON of decimal texts by code, kept as text because a look-up searches it for its codes.
    Column("per_euro", Text, nullable=False),
)

own_rates = Table(
    "own_rates",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    # Both codes in the order of the alphabet, so that either direction finds it.
    Column("pair", Text, primary_key=True),
    Column("starts_on", Date, primary_key=True),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

series = Table(
    "series",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    # What a person can change, as the history holds it (`ledger.recurring.fields`).
    Column("fields", Json, nullable=False),
    # Progress, which no undo takes back: occurrences before this day are dealt with.
    Column("booked_to", Date),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("removed_at", Utc),
)

# Series that were offered and refused, kept forever.
refused_series = Table(
    "refused_series",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    Column("key", StorableText, primary_key=True),
    sqlite_with_rowid=False,
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("kind", Text, nullable=False),
    # The thing that is due, where a ledger has several of a kind; else empty.
    Column("subject_id", Text, nullable=False, server_default=text("''")),
    Column("due_at", Utc, nullable=False, index=True),
    UniqueConstraint("ledger_id", "kind", "subject_id"),
    sqlite_autoincrement=True,
)

pushes = Table(
    "pushes",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("period_key", Text, primary_key=True),
    Column("claimed_at", Utc, nullable=False),
    # Its time, while it waits for its content; empty once it is done.
    Column("due_at", Utc),
    _partial("ix_pushes_due_at", "due_at", where="due_at IS NOT NULL"),
)

pinned_cards = Table(
    "pinned_cards",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True, autoincrement=False),
    # Of its latest edit, so that the message is still known when older rows are pruned.
    Column("message_key", Text, nullable=False),
    Column("edits", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("edited_at", Utc, nullable=False),
)

# --- imported files -------------------------------------------------------------------------------

imports = Table(
    "imports",
    metadata,
    # The id of the operation that holds its changes, so that undo finds the import.
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False),
    Column("source", StorableText, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("file_ref", StorableText, nullable=False),
    Column("file_name", StorableText, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("blob_key", Text),
    Column("rows_key", Text),
    Column("position", Integer, nullable=False),
    Column("written", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("with_probable", Boolean, nullable=False),
    Column("with_links", Boolean, nullable=False, server_default=NO),
    Column("linked", Integer, nullable=False, server_default=text("0")),
    Column("answers", Json, nullable=False),
    Column("found", Json),
    UniqueConstraint("ledger_id", "source"),
    _partial("ix_imports_blob_key", "blob_key", where="blob_key IS NOT NULL"),
    _partial("ix_imports_rows_key", "rows_key", where="rows_key IS NOT NULL"),
)

import_layouts = Table(
    "import_layouts",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("layout", Json, nullable=False),
)

# Rows of files that are entries made by another way, such as one that a person typed.
import_links = Table(
    "import_links",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("source_key", StorableText, primary_key=True),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False, index=True),
    Column("import_id", Text, ForeignKey("imports.id"), nullable=False, index=True),
)

# Shares of an entry as an imported file names them; nothing reads them before splits are built.
entry_shares = Table(
    "entry_shares",
    metadata,
    Column("entry_id", Text, ForeignKey("entries.id"), primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("shares", Json, nullable=False),
)

# --- paid readers ---------------------------------------------------------------------------------

# Rows outlive their ledger, since costs stay costs; the chat_id of a forgotten chat becomes 0.
ai_calls = Table(
    "ai_calls",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("service", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("called_at", Utc, nullable=False),
    # Millionths of a US dollar: the most it can cost, until the call is over.
    Column("cost_micros", BigInteger, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # open, ok, failed
    Index("ix_ai_calls_called_at", "called_at", "cost_micros"),
    Index("ix_ai_calls_chat_id", "chat_id", "called_at"),
    sqlite_autoincrement=True,
)

# --- models ---------------------------------------------------------------------------------------

# Counts alone: nothing here leads to a chat.
shadow_evaluations = Table(
    "shadow_evaluations",
    metadata,
    Column("champion", Text, primary_key=True),
    Column("challenger", Text, primary_key=True),
    Column("filed", BigInteger, nullable=False),
    Column("filed_alike", BigInteger, nullable=False),
    Column("corrected", BigInteger, nullable=False),
    Column("corrected_alike", BigInteger, nullable=False),
    Column("champion_right", BigInteger, nullable=False),
    Column("challenger_right", BigInteger, nullable=False),
    Column("since_at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

# --- conversations --------------------------------------------------------------------------------

keyboards = Table(
    "keyboards",
    metadata,
    Column("id", Text, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("owner_id", BigInteger),
    Column("actions", Json, nullable=False),
    Column("expires_at", Utc, nullable=False, index=True),
    sqlite_with_rowid=False,
)

questions = Table(
    "questions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("asked_at", Utc, nullable=False, index=True),
    Column("settled", Boolean, nullable=False, server_default=NO),
)

# The newest version of each message that was edited, or that corrected or completed an entry.
message_versions = Table(
    "message_versions",
    metadata,
    Column("ledger_id", RowId, ForeignKey("ledgers.id"), primary_key=True),
    Column("source", StorableText, primary_key=True),
    Column("edited_at", Utc, nullable=False),
    Column("said", Json, nullable=False),
    sqlite_with_rowid=False,
)

# --- delivery -------------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("partition", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    # Emptied in the commit that marks it done: chatter is never kept.
    Column("body", StorableText),
    Column("state", Text, nullable=False, server_default=PENDING),  # pending, done, dead
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Utc),
    Column("error", Text),
    Column("received_at", Utc, nullable=False),
    Column("closed_at", Utc),
    _partial("ix_inbox_pending", "id", where="state = 'pending'"),
    _partial("ix_inbox_put_off", "partition", where="state = 'pending' AND due_at IS NOT NULL"),
    _partial("ix_inbox_dead", "id", where="state = 'dead'"),
    sqlite_autoincrement=True,
)

# Who works on a chat's messages, where several processes may (PostgreSQL; with SQLite one does, and
# its claims are in memory). The fence grows with every claim.
partitions = Table(
    "partitions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("claimed_until", Utc),
    # The last message of the claim: once none up to it is pending, the claim is over.
    Column("claimed_through", BigInteger, nullable=False, server_default=text("0")),
)

offsets = Table(
    "offsets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("values", Json, nullable=False),
    Column("partition", BigInteger),
    Column("state", Text, nullable=False, server_default=PENDING),  # pending, dead
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Utc, nullable=False),
    Column("claimed_until", Utc),
    # Grows with every claim; who holds an older one lost its lease.
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    Column("error", Text),
    Column("failed_at", Utc),
    _partial("ix_jobs_due_at", "due_at", where="state = 'pending'"),
    Index("ix_jobs_partition", "partition"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("message_key", Text, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", Text, nullable=False),  # send, edit, delete
    # waiting, drawing, sent, superseded (its content went to another row), cancelled, dropped,
    # expired
    Column("state", Text, nullable=False),
    # Grows when an unsent row gets another content, so that a sender who has the older one in its
    # hands cannot mark the newer one as sent.
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("superseded_by", RowId),
    # Message key of the `Outgoing` whose picture is still being drawn.
    Column("drawing", Text),
    Column("payload", Json),
    # Keyboard of the content; the payload, which holds its buttons, is emptied once it is sent.
    Column("keyboard_id", Text),
    Column("reply_to", BigInteger),
    Column("message_id", BigInteger),
    # Sent together with others in one message: it cannot be edited alone.
    Column("joined", Boolean, nullable=False, server_default=NO),
    Column("kind", Text, nullable=False),
    Column("question_id", Text),
    Column("receipt_id", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Utc),
    Column("expires_at", Utc),
    Column("error", Text),
    Column("created_at", Utc, nullable=False),
    _partial("ix_outbox_waiting", "id", where="state = 'waiting'"),
    _partial("ix_outbox_waiting_chat", "chat_id", "id", where="state = 'waiting'"),
    _partial("ix_outbox_put_off", "chat_id", where="state = 'waiting' AND due_at IS NOT NULL"),
    _partial("ix_outbox_drawing", "drawing", where="drawing IS NOT NULL"),
    _partial("ix_outbox_question_id", "question_id", where="question_id IS NOT NULL"),
    _partial("ix_outbox_message", "chat_id", "message_id", where="message_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

message_entries = Table(
    "message_entries",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("outbox_id", RowId, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    # The order of the entries in their message.
    Column("position", Integer, nullable=False),
    Index("ix_message_entries_outbox_id", "outbox_id"),
    sqlite_with_rowid=False,
)

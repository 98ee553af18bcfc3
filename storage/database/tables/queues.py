"""Define the tables of queues and claims."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from storage.database.tables.base import NO, PENDING, metadata, partial_index
from storage.database.types import Json, RowId, StorableText, Utc

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
    # The flow that an event goes on with; an update begins one by its key.
    Column("flow", Text),
    partial_index("ix_inbox_pending", "id", where="state = 'pending'"),
    partial_index(
        "ix_inbox_put_off", "partition", where="state = 'pending' AND due_at IS NOT NULL"
    ),
    partial_index("ix_inbox_dead", "id", where="state = 'dead'"),
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
    Column("flow", Text),
    partial_index("ix_jobs_due_at", "due_at", where="state = 'pending'"),
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
    Column("flow", Text),
    partial_index("ix_outbox_waiting", "id", where="state = 'waiting'"),
    partial_index("ix_outbox_waiting_chat", "chat_id", "id", where="state = 'waiting'"),
    partial_index("ix_outbox_put_off", "chat_id", where="state = 'waiting' AND due_at IS NOT NULL"),
    partial_index("ix_outbox_drawing", "drawing", where="drawing IS NOT NULL"),
    partial_index("ix_outbox_question_id", "question_id", where="question_id IS NOT NULL"),
    partial_index("ix_outbox_message", "chat_id", "message_id", where="message_id IS NOT NULL"),
    sqlite_autoincrement=True,
)

"""Define every table. A change here needs a revision in `storage/migrations`.

Conventions: `*_minor` are integers of minor units of the currency next to them; `*_at` are times in
UTC (see `storage.database.types`); ids that leave the database are opaque text. Partial indexes carry their
condition as a literal, because SQLite uses them only when the statement shows the same literal
(`PENDING`, `WAITING`).
"""

from storage.database.tables.access import api_tokens, login_links, sessions
from storage.database.tables.base import FOREIGN_CONDITION, NO, PENDING, WAITING, metadata
from storage.database.tables.history import changes, evidence, message_versions, operations
from storage.database.tables.importing import import_layouts, import_links, imports
from storage.database.tables.insights import insight_marks
from storage.database.tables.limits import alerts, budgets
from storage.database.tables.mail import mail_addresses
from storage.database.tables.membership import chats, ledgers, members
from storage.database.tables.messages import keyboards, message_entries, questions
from storage.database.tables.models import ai_calls, shadow_evaluations
from storage.database.tables.programs import replays, webhooks
from storage.database.tables.queues import inbox, jobs, offsets, outbox, partitions
from storage.database.tables.rates import daily_rates, own_rates
from storage.database.tables.records import corrections, entries, entry_shares, receipts
from storage.database.tables.schedules import (
    calendar_feeds,
    pinned_cards,
    pushes,
    refused_series,
    schedules,
    series,
)

__all__ = [
    "FOREIGN_CONDITION",
    "NO",
    "PENDING",
    "WAITING",
    "ai_calls",
    "alerts",
    "api_tokens",
    "budgets",
    "calendar_feeds",
    "changes",
    "chats",
    "corrections",
    "daily_rates",
    "entries",
    "entry_shares",
    "evidence",
    "import_layouts",
    "import_links",
    "imports",
    "inbox",
    "insight_marks",
    "jobs",
    "keyboards",
    "ledgers",
    "login_links",
    "mail_addresses",
    "members",
    "message_entries",
    "message_versions",
    "metadata",
    "offsets",
    "operations",
    "outbox",
    "own_rates",
    "partitions",
    "pinned_cards",
    "pushes",
    "questions",
    "receipts",
    "refused_series",
    "replays",
    "schedules",
    "series",
    "sessions",
    "shadow_evaluations",
    "webhooks",
]

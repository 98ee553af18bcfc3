"""The first schema.

Revision: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table('ai_calls',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('service', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('called_at', UTC, nullable=False),
    sa.Column('cost_micros', sa.BigInteger(), nullable=False),
    sa.Column('input_tokens', sa.Integer(), nullable=False),
    sa.Column('output_tokens', sa.Integer(), nullable=False),
    sa.Column('milliseconds', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ai_calls')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_ai_calls_called_at', 'ai_calls', ['called_at', 'cost_micros'], unique=False)
    op.create_index('ix_ai_calls_chat_id', 'ai_calls', ['chat_id', 'called_at'], unique=False)
    op.create_table('contests',
    sa.Column('champion', sa.Text(), nullable=False),
    sa.Column('challenger', sa.Text(), nullable=False),
    sa.Column('filed', sa.BigInteger(), nullable=False),
    sa.Column('filed_alike', sa.BigInteger(), nullable=False),
    sa.Column('corrected', sa.BigInteger(), nullable=False),
    sa.Column('corrected_alike', sa.BigInteger(), nullable=False),
    sa.Column('champion_right', sa.BigInteger(), nullable=False),
    sa.Column('challenger_right', sa.BigInteger(), nullable=False),
    sa.Column('since_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('champion', 'challenger', name=op.f('pk_contests')),
    sqlite_with_rowid=False
    )
    op.create_table('inbox',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('lane', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), server_default=sa.text("'pending'"), nullable=False),
    sa.Column('tries', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('due_at', UTC, nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('received_at', UTC, nullable=False),
    sa.Column('closed_at', UTC, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('key', name=op.f('uq_inbox_key')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_inbox_dead', 'inbox', ['id'], unique=False, sqlite_where=sa.text("state = 'dead'"), postgresql_where=sa.text("state = 'dead'"))
    op.create_index('ix_inbox_pending', 'inbox', ['id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_index('ix_inbox_put_off', 'inbox', ['lane'], unique=False, sqlite_where=sa.text("state = 'pending' AND due_at IS NOT NULL"), postgresql_where=sa.text("state = 'pending' AND due_at IS NOT NULL"))
    op.create_table('jobs',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('lane', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), server_default=sa.text("'pending'"), nullable=False),
    sa.Column('tries', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('due_at', UTC, nullable=False),
    sa.Column('taken_until', UTC, nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('failed_at', UTC, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('key', name=op.f('uq_jobs_key')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_jobs_due_at', 'jobs', ['due_at'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
    op.create_table('keyboards',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('owner_id', sa.BigInteger(), nullable=True),
    sa.Column('actions', sa.JSON(), nullable=False),
    sa.Column('expires_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keyboards')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_keyboards_chat_id'), 'keyboards', ['chat_id'], unique=False)
    op.create_table('ledgers',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('created_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledgers')),
    sa.UniqueConstraint('key', name=op.f('uq_ledgers_key')),
    sqlite_autoincrement=True
    )
    op.create_table('offsets',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_offsets'))
    )
    op.create_table('outbox',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('folded_into', ROW_ID, nullable=True),
    sa.Column('drawing', sa.Text(), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=True),
    sa.Column('reply_to', sa.BigInteger(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('joined', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('question_id', sa.Text(), nullable=True),
    sa.Column('receipt_id', sa.Text(), nullable=True),
    sa.Column('tries', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('due_at', UTC, nullable=True),
    sa.Column('expires_at', UTC, nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('handle', name=op.f('uq_outbox_handle')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_outbox_drawing', 'outbox', ['drawing'], unique=False, sqlite_where=sa.text('drawing IS NOT NULL'), postgresql_where=sa.text('drawing IS NOT NULL'))
    op.create_index('ix_outbox_message', 'outbox', ['chat_id', 'message_id'], unique=False, sqlite_where=sa.text('message_id IS NOT NULL'), postgresql_where=sa.text('message_id IS NOT NULL'))
    op.create_index('ix_outbox_put_off', 'outbox', ['chat_id'], unique=False, sqlite_where=sa.text("state = 'waiting' AND due_at IS NOT NULL"), postgresql_where=sa.text("state = 'waiting' AND due_at IS NOT NULL"))
    op.create_index('ix_outbox_waiting', 'outbox', ['id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('acts',
    sa.Column('seq', ROW_ID, nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.Column('undoes', sa.Text(), nullable=True),
    sa.Column('undone', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_acts_ledger_id')),
    sa.ForeignKeyConstraint(['undoes'], ['acts.id'], name=op.f('fk_acts_undoes')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_acts')),
    sa.UniqueConstraint('id', name=op.f('uq_acts_id')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_acts_ledger_id_user_id_seq', 'acts', ['ledger_id', 'user_id', 'seq'], unique=False)
    op.create_index('ix_acts_undoes', 'acts', ['undoes'], unique=False, sqlite_where=sa.text('undoes IS NOT NULL'), postgresql_where=sa.text('undoes IS NOT NULL'))
    op.create_table('budgets',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('per', sa.Text(), nullable=False),
    sa.Column('limit_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('updated_at', UTC, nullable=False),
    sa.Column('removed_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_budgets_ledger_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budgets'))
    )
    op.create_index(op.f('ix_budgets_ledger_id'), 'budgets', ['ledger_id'], unique=False)
    op.create_table('chats',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('muted', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('migrated_to', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_chats_ledger_id')),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_chats'))
    )
    op.create_index(op.f('ix_chats_ledger_id'), 'chats', ['ledger_id'], unique=False)
    op.create_table('corrections',
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('learned_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_corrections_ledger_id')),
    sa.PrimaryKeyConstraint('ledger_id', 'kind', 'key', name=op.f('pk_corrections'))
    )
    op.create_table('members',
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=True),
    sa.Column('is_admin', sa.Boolean(), nullable=True),
    sa.Column('left', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('seen_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_members_ledger_id')),
    sa.PrimaryKeyConstraint('ledger_id', 'user_id', name=op.f('pk_members'))
    )
    op.create_index('ix_members_user_id', 'members', ['user_id'], unique=False)
    op.create_table('mentions',
    sa.Column('entry_id', sa.Text(), nullable=False),
    sa.Column('outbox_id', ROW_ID, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_mentions_outbox_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'outbox_id', name=op.f('pk_mentions')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_mentions_outbox_id', 'mentions', ['outbox_id'], unique=False)
    op.create_table('pushes',
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('period_key', sa.Text(), nullable=False),
    sa.Column('claimed_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_pushes_ledger_id')),
    sa.PrimaryKeyConstraint('ledger_id', 'kind', 'period_key', name=op.f('pk_pushes'))
    )
    op.create_table('questions',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('asked_at', UTC, nullable=False),
    sa.Column('settled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_questions_ledger_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    op.create_index(op.f('ix_questions_ledger_id'), 'questions', ['ledger_id'], unique=False)
    op.create_table('receipts',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('file_id', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('caption', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('received_at', UTC, nullable=False),
    sa.Column('blob_key', sa.Text(), nullable=True),
    sa.Column('clean_key', sa.Text(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('reading', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_receipts_ledger_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipts')),
    sa.UniqueConstraint('chat_id', 'message_id', name=op.f('uq_receipts_chat_id_message_id'))
    )
    op.create_index('ix_receipts_ledger_id_sha256', 'receipts', ['ledger_id', 'sha256'], unique=False)
    op.create_table('schedules',
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('due_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_schedules_ledger_id')),
    sa.PrimaryKeyConstraint('ledger_id', 'kind', name=op.f('pk_schedules'))
    )
    op.create_index(op.f('ix_schedules_due_at'), 'schedules', ['due_at'], unique=False)
    op.create_table('alerts',
    sa.Column('budget_id', sa.Text(), nullable=False),
    sa.Column('period_start', sa.Date(), nullable=False),
    sa.Column('percent', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('arming', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('rearmed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('alerted_at', UTC, nullable=False),
    sa.ForeignKeyConstraint(['budget_id'], ['budgets.id'], name=op.f('fk_alerts_budget_id')),
    sa.PrimaryKeyConstraint('budget_id', 'period_start', 'percent', 'arming', name=op.f('pk_alerts'))
    )
    op.create_table('changes',
    sa.Column('id', ROW_ID, nullable=False),
    sa.Column('act_id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['act_id'], ['acts.id'], name=op.f('fk_changes_act_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_changes')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_changes_act_id'), 'changes', ['act_id'], unique=False)
    op.create_index('ix_changes_subject', 'changes', ['ledger_id', 'subject', 'subject_id'], unique=False)
    op.create_table('entries',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('ledger_id', ROW_ID, nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('amount_minor', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('base_minor', sa.BigInteger(), nullable=True),
    sa.Column('base_currency', sa.Text(), nullable=True),
    sa.Column('rate', sa.Text(), nullable=True),
    sa.Column('rate_on', sa.Date(), nullable=True),
    sa.Column('spent_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('merchant', sa.Text(), nullable=True),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('tags', sa.JSON(), nullable=False),
    sa.Column('paid_by', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('origin_chat_id', sa.BigInteger(), nullable=False),
    sa.Column('origin_message_id', sa.BigInteger(), nullable=False),
    sa.Column('origin_position', sa.Integer(), nullable=False),
    sa.Column('receipt_id', sa.Text(), nullable=True),
    sa.Column('created_at', UTC, nullable=False),
    sa.Column('updated_at', UTC, nullable=False),
    sa.Column('deleted_at', UTC, nullable=True),
    sa.Column('search', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledgers.id'], name=op.f('fk_entries_ledger_id')),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipts.id'], name=op.f('fk_entries_receipt_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries')),
    sa.UniqueConstraint('origin_chat_id', 'origin_message_id', 'origin_position', name='uq_entries_origin')
    )
    op.create_index('ix_entries_receipt_id', 'entries', ['receipt_id'], unique=False, sqlite_where=sa.text('receipt_id IS NOT NULL'), postgresql_where=sa.text('receipt_id IS NOT NULL'))
    op.create_index('ix_entries_summary', 'entries', ['ledger_id', 'spent_on', 'type', 'category', 'base_minor', 'deleted_at'], unique=False)
    op.create_index('ix_entries_unconverted', 'entries', ['ledger_id', 'spent_on'], unique=False, sqlite_where=sa.text('base_minor IS NULL AND deleted_at IS NULL'), postgresql_where=sa.text('base_minor IS NULL AND deleted_at IS NULL'))

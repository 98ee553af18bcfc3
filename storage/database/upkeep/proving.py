"""Prove by statements that entries are what their history makes, so that only the others are replayed.

Nearly every entry was made once and never changed, in the currency of its ledger. For such a one the
database compares the row with the one change that made it, which is twenty times faster than to
read both here. An entry that is not proved is not wrong by that; it is looked at row by row.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, and_, false, func, literal_column, or_

from ledger.money import MINOR_DIGITS
from storage.database.tables import entries

_e = entries.c

# The JSON that Kvitto writes, to the letter: names in the order of `entry_fields`, no blanks.
_MADE_ON_SQLITE = """
    (SELECT count(*) = 1 AND min(made.before IS NULL AND made.after = json_object(
        'type', entries.type,
        'amount_minor', entries.amount_minor,
        'currency', entries.currency,
        'spent_on', entries.spent_on,
        'note', entries.note,
        'merchant', entries.merchant,
        'category', entries.category,
        'category_guessed', json(iif(entries.category_guessed, 'true', 'false')),
        'tags', json(entries.tags),
        'marks', json(entries.marks),
        'paid_by', entries.paid_by,
        'receipt_id', entries.receipt_id,
        'deleted', json(iif(entries.deleted_at IS NULL, 'false', 'true'))
    )) FROM changes AS made WHERE made.subject = 'entry' AND made.subject_id = entries.id)
"""
# `jsonb` refuses an escaped NUL; CASE, as AND does not say which side comes first.
_MADE_ON_POSTGRES = """
    coalesce((SELECT count(*) = 1 AND bool_and(CASE
        WHEN made.before IS NOT NULL OR made.after IS NULL THEN false
        WHEN strpos(made.after::text, '\\u0000') > 0 THEN false
        ELSE made.after::jsonb = jsonb_build_object(
            'type', entries.type,
            'amount_minor', entries.amount_minor,
            'currency', entries.currency,
            'spent_on', entries.spent_on,
            'note', entries.note,
            'merchant', entries.merchant,
            'category', entries.category,
            'category_guessed', entries.category_guessed,
            'tags', entries.tags::jsonb,
            'marks', entries.marks::jsonb,
            'paid_by', entries.paid_by,
            'receipt_id', entries.receipt_id,
            'deleted', entries.deleted_at IS NOT NULL
        )
    END) FROM changes AS made WHERE made.subject = 'entry' AND made.subject_id = entries.id), false)
"""
# What `fold` makes of ASCII is lower case; a text that is longer may be cut.
_SEARCHED_ON_SQLITE = """
    (entries.tags = '[]' AND length(entries.search) <= 500
     AND entries.note NOT GLOB '*[^ -~]*' AND coalesce(entries.merchant, '') NOT GLOB '*[^ -~]*'
     AND entries.search = lower(entries.note) || ' ' || lower(coalesce(entries.merchant, '')))
"""
_SEARCHED_ON_POSTGRES = """
    (entries.tags::text = '[]' AND length(entries.search) <= 500
     AND entries.note || coalesce(entries.merchant, '') !~ ('[^ -~]' COLLATE "C")
     AND entries.search = lower(entries.note COLLATE "C") || ' '
         || lower(coalesce(entries.merchant, '') COLLATE "C"))
"""
# Nothing of it is computed: it counts as it was typed, or is not converted yet.
_AS_TYPED = and_(
    _e.currency.in_([literal_column(f"'{code}'") for code in sorted(MINOR_DIGITS)]),
    or_(
        and_(_e.base_minor == _e.amount_minor, _e.base_currency == _e.currency, _e.rate == "1"),
        and_(_e.base_minor.is_(None), _e.base_currency.is_(None)),
    ),
)


def build_unproved(dialect: str) -> ColumnElement[bool]:
    """Select the entries whose values or history must be read to be judged."""
    made = _MADE_ON_SQLITE if dialect == "sqlite" else _MADE_ON_POSTGRES
    return or_(~func.coalesce(_AS_TYPED, false()), _not(made))


def build_unsearched(dialect: str) -> ColumnElement[bool]:
    """Select the entries whose searched text SQL cannot judge."""
    return _not(_SEARCHED_ON_SQLITE if dialect == "sqlite" else _SEARCHED_ON_POSTGRES)


def _not(condition: str) -> ColumnElement[bool]:
    """Negate a condition; where it is unknown, nothing is proved."""
    return literal_column(f"(NOT coalesce({condition.strip()}, false))", Boolean)

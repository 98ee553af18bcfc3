from __future__ import annotations

from datetime import date

import pytest

from ledger.recurring.contract_words import ContractWords, parse_contract
from ledger.recurring.series import Contract

TODAY = date(2026, 11, 20)
JUNE = date(2027, 6, 30)

ROWS = (
    ("gym contract until 30 June 2027", "en", ContractWords("gym", ends=JUNE)),
    ("gym contract notice 3 months", "en", ContractWords("gym", notice_days=90)),
    ("my gym contract renews by 1 year", "en", ContractWords("my gym", renews_months=12)),
    ("netflix trial until 5 Dec", "en", ContractWords("netflix", trial_ends=date(2026, 12, 5))),
    ("netflix trial 5 Dec", "en", ContractWords("netflix", trial_ends=date(2026, 12, 5))),
    ("gym contract off", "en", ContractWords("gym", off=True)),
    (
        "Fitness Vertrag bis 30. Juni 2027 Kündigungsfrist 14 Tage verlängert sich um 12 Monate",
        "de",
        ContractWords("Fitness", ends=JUNE, notice_days=14, renews_months=12),
    ),
    ("Musik Probezeit bis 5. Dez", "de", ContractWords("Musik", trial_ends=date(2026, 12, 5))),
    # Words without any term are the title of something else.
    ("lawyer contract", "en", None),
    ("contract until June", "en", None),
    ("rent 850 monthly", "en", None),
)


@pytest.mark.parametrize(("text", "language", "wanted"), ROWS)
def test_the_terms_of_a_contract(text: str, language: str, wanted: ContractWords | None) -> None:
    assert parse_contract(text, TODAY, language) == wanted


def test_only_named_terms_change() -> None:
    known = Contract(ends=JUNE, notice_days=30)
    assert ContractWords("gym", renews_months=12).apply(known) == Contract(JUNE, 30, 12)
    assert ContractWords("gym", off=True).apply(known) is None

"""The signed data of a Mini App: nobody gets in by bytes that were not signed."""

from __future__ import annotations

from datetime import UTC, datetime

from ledger.errors import LoginRefusedError
from services.access.init_data import build_keys, check_init_data
from tests.init_data import init_data

TOKEN = "123456:fuzz-token-of-nobody"  # noqa: S105  # of no bot
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEYS = build_keys(TOKEN, lambda _signature, _message: False)
SIGNED = init_data(at=NOW, token=TOKEN)
SEEDS = (
    SIGNED.encode(),
    SIGNED.replace("hash=", "hash=0").encode(),
    b"user=%7B%22id%22%3A7%7D&auth_date=1763640000&hash=" + b"0" * 64,
    b"auth_date=NaN&user=[]&signature=" + b"A" * 86,
)


def enter(data: bytes) -> None:
    """Try the bytes as login data; only a spelling of what was signed may get in."""
    raw = data.decode("utf-8", "surrogateescape")
    try:
        found = check_init_data(raw, KEYS, NOW)
    except LoginRefusedError:
        return
    assert found.user_id == 7, found.user_id
    assert found.proof == check_init_data(SIGNED, KEYS, NOW).proof

"""A06: which signed data opens the app, by vectors of our own and those of `../shared`."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.setup.site import is_signed_by_telegram
from ledger.errors import LoginRefusedError
from services.access.init_data import AGE_MAX, build_keys, check_init_data
from tests.init_data import ANN, SIGNED_AT, TOKEN, encode, init_data, sign

SHARED = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "initdata_vectors.jsonl"
KEYS = build_keys(TOKEN)
NOW = SIGNED_AT + timedelta(seconds=5)


def outcome(raw: str, now: datetime = NOW) -> str:
    """Return `accept`, or the id of the refusal."""
    try:
        check_init_data(raw, KEYS, now)
    except LoginRefusedError as refusal:
        return refusal.message_id
    return "accept"


def shared_vectors() -> list[Any]:
    lines = SHARED.read_text().splitlines() if SHARED.exists() else []
    vectors = [json.loads(line) for line in lines]
    return [pytest.param(one, id=f"{one['id']}-{one['name']}") for one in vectors]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not beside the project")
def test_a06_the_shared_vectors_are_there() -> None:
    assert shared_vectors()


@pytest.mark.shared
@pytest.mark.parametrize("vector", shared_vectors())
def test_a06_shared_vector(vector: dict[str, Any]) -> None:
    now = datetime.fromtimestamp(vector["now"], UTC)
    accepted = outcome(vector["init_data"], now) == "accept"
    assert accepted == (vector["expect"] == "accept"), vector["why"]


def fields_of(**changes: str | None) -> dict[str, str]:
    """Return the usual fields; None leaves one out."""
    usual = {
        "query_id": "AAHd",
        "user": json.dumps(ANN),
        "auth_date": str(int(SIGNED_AT.timestamp())),
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def signed(**changes: str | None) -> str:
    """Return changed fields with a right hash."""
    fields = fields_of(**changes)
    return encode({**fields, "hash": sign(fields)})


GOOD = signed()
HASH = GOOD.rpartition("=")[2]
DAY = int(AGE_MAX.total_seconds())


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("plain", GOOD, "accept"),
        ("another order", "&".join(reversed(GOOD.split("&"))), "accept"),
        ("signature of anything", signed(signature="abc-_"), "accept"),
        ("emoji and a right-to-left name", init_data({**ANN, "first_name": "🧾 أن"}), "accept"),
        ("blank field", signed(start_param=""), "accept"),
        ("largest id", init_data({"id": 2**52 - 1, "first_name": "A"}), "accept"),
        ("another bot", init_data(token="654321:OTHER"), "login_invalid"),
        ("same id, another token", init_data(token="123456:OLD-TOKEN"), "login_invalid"),
        ("one letter changed", GOOD.replace("Ann", "Anm"), "login_invalid"),
        ("a field added", f"{GOOD}&chat_type=private", "login_invalid"),
        ("a field left out", GOOD.partition("&")[2], "login_invalid"),
        ("hash missing", GOOD.rpartition("&")[0], "login_invalid"),
        ("hash empty", GOOD.replace(HASH, ""), "login_invalid"),
        ("hash in capitals", GOOD.replace(HASH, HASH.upper()), "login_invalid"),
        ("hash cut", GOOD[:-1], "login_invalid"),
        ("hash longer", f"{GOOD}0", "login_invalid"),
        ("hash with digits of another script", GOOD.replace(HASH, "٠" * 64), "login_invalid"),
        ("hash twice", f"{GOOD}&hash={HASH}", "login_invalid"),
        ("user twice", f"{GOOD}&user={GOOD}", "login_invalid"),
        ("user twice, encoded name", f"{GOOD}&us%65r=x", "login_invalid"),
        ("empty name of a field", f"{GOOD}&=x", "login_invalid"),
        ("field without a value", f"{GOOD}&x", "login_invalid"),
        ("fields merged by a line feed", signed(query_id="A\nuser={}"), "login_invalid"),
        ("hash of the Login Widget", encode({**fields_of(), "hash": "0" * 64}), "login_invalid"),
        ("no date", signed(auth_date=None), "login_invalid"),
        ("date NaN", signed(auth_date="NaN"), "login_invalid"),
        ("date in another script", signed(auth_date="١٧٥٩٩٩٩٩٩٥"), "login_invalid"),
        ("date with a sign", signed(auth_date="+1759999995"), "login_invalid"),
        ("date as a fraction", signed(auth_date="1759999995.0"), "login_invalid"),
        ("date far ahead", signed(auth_date="99999999999"), "login_invalid"),
        ("date before time", signed(auth_date="0"), "login_expired"),
        ("user is a list", init_data([7]), "login_invalid"),
        ("user is no JSON", signed(user="{"), "login_invalid"),
        ("user null", signed(user="null"), "login_invalid"),
        ("no user", signed(user=None), "login_invalid"),
        ("id true", init_data({"id": True}), "login_invalid"),
        ("id 0", init_data({"id": 0}), "login_invalid"),
        ("id negative", init_data({"id": -7}), "login_invalid"),
        ("id as text", init_data({"id": "7"}), "login_invalid"),
        ("id as a float", init_data({"id": 7.0}), "login_invalid"),
        ("id too large", init_data({"id": 2**53}), "login_invalid"),
        ("empty", "", "login_invalid"),
        ("not a query", "%%%", "login_invalid"),
        ("bytes that are not UTF-8", f"{GOOD}&x=%ff", "login_invalid"),
        ("a lone surrogate", f"{GOOD}&x=\udcff", "login_invalid"),
        ("huge", signed(start_param="x" * 9000), "login_invalid"),
        ("hundred fields", signed(**{f"f{i}": "" for i in range(100)}), "login_invalid"),
    ],
)
def test_a06_signed_data(name: str, raw: str, expected: str) -> None:
    assert outcome(raw) == expected, name


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-3600, "login_invalid"),
        (-121, "login_invalid"),
        (-30, "accept"),
        (0, "accept"),
        (DAY - 1, "accept"),
        (DAY, "login_expired"),
        (400 * DAY, "login_expired"),
    ],
)
def test_a06_age(seconds: int, expected: str) -> None:
    assert outcome(GOOD, SIGNED_AT + timedelta(seconds=seconds)) == expected


def test_a06_the_login_widgets_key_opens_nothing() -> None:
    fields = fields_of()
    joined = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    secret = hashlib.sha256(TOKEN.encode()).digest()
    shown = hmac.new(secret, joined.encode(), hashlib.sha256).hexdigest()
    assert outcome(encode({**fields, "hash": shown})) == "login_invalid"


def test_a06_every_spelling_of_the_same_data_is_the_same_proof() -> None:
    reordered = "&".join(reversed(GOOD.split("&")))
    spelled = GOOD.replace("query_id", "%71uery_id")
    proofs = {check_init_data(raw, KEYS, NOW).proof for raw in (GOOD, reordered, spelled)}
    assert len(proofs) == 1


def test_a06_telegrams_own_signature_proves_without_the_token() -> None:
    telegram = Ed25519PrivateKey.generate()

    def verify(signature: bytes, message: bytes) -> bool:
        return signature == telegram.sign(message)

    fields = fields_of()
    joined = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    signature = telegram.sign(f"123456:WebAppData\n{joined}".encode())
    spelled = urlsafe_b64encode(signature).rstrip(b"=").decode()
    # Signed while the bot still had its former token.
    raw = encode({**fields, "signature": spelled, "hash": "0" * 64})
    keys = build_keys("123456:NEW-TOKEN", verify)
    assert check_init_data(raw, keys, NOW).user_id == ANN["id"]
    for other in (
        build_keys("123457:NEW-TOKEN", verify),
        build_keys("123456:NEW-TOKEN"),
        build_keys("123456:NEW-TOKEN", is_signed_by_telegram),
    ):
        with pytest.raises(LoginRefusedError):
            check_init_data(raw, other, NOW)
    forged = raw.replace("Ann", "Anm")
    with pytest.raises(LoginRefusedError):
        check_init_data(forged, keys, NOW)

"""Addresses as people type them."""

from __future__ import annotations

import pytest

from ledger.errors import InputError
from ledger.mail_address import parse_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ann@example.org", "ann@example.org"),
        ("  Ann.B+kvitto@Example.ORG ", "ann.b+kvitto@example.org"),
        ("ann@müller.example", "ann@xn--mller-kva.example"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_an_address_is_read(typed: str, address: str) -> None:
    assert parse_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "ann", "@example.org", "ann@", "ann@localhost", "ann@127.0.0.1", "ann@[127.0.0.1]",
        "a b@example.org", "ann@example.org\nBcc: bo@example.org", "ann@example.org,bo@example.org",
        "<ann@example.org>", "Ann <ann@example.org>", "ann..b@example.org", ".ann@example.org",
        "ann@-a.example", "ann@a..example", "änn@example.org", "ann@b@example.org",
        "x" * 65 + "@example.org", "ann@" + "x" * 64 + ".org", "ann@" + "x." * 130 + "org",
    ],
)  # fmt: skip
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_address(typed)
    assert refused.value.message_id == "mail_address"

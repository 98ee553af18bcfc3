"""Whose mail it is: what a receiving server found counts, what a sender wrote does not."""

from __future__ import annotations

import pytest

from services.mail.authenticity import find_sender, is_authentic, parse_header

SERVER = "mx.example.net"
ANN = "ann@example.org"


def _is_hers(*results: str, sender: str = ANN) -> bool:
    lines = [f"Authentication-Results: {one}" for one in results]
    header = parse_header("\r\n".join([*lines, f"From: {sender}", "", ""]).encode())
    found = find_sender(header)
    return found is not None and is_authentic(header, found, SERVER)


@pytest.mark.parametrize(
    "result",
    [
        # As large providers and common filters write it.
        (
            "mx.example.net;\r\n dkim=pass header.i=@example.org header.s=s1 header.b=Ab1;\r\n"
            " spf=pass (mx.example.net: domain of ann@example.org designates 192.0.2.1)"
            " smtp.mailfrom=ann@example.org;\r\n dmarc=pass (p=REJECT sp=REJECT dis=NONE)"
            " header.from=example.org"
        ),
        "mx.example.net 1; dmarc=pass header.from=example.org",
        "MX.example.net; DKIM=pass header.d=Example.ORG",
        "mx.example.net; dkim=fail header.d=list.example.com; dkim=pass header.d=example.org",
        "mx.example.net; dmarc=none header.from=example.org; spf=pass smtp.mailfrom=ann@example.org",
        'mx.example.net; spf=pass smtp.mailfrom="ann@example.org"',
    ],
)
def test_what_the_server_found_to_be_right_is_hers(result: str) -> None:
    assert _is_hers(result)


def test_a_domain_speaks_for_those_below_it() -> None:
    assert _is_hers("mx.example.net; dkim=pass header.d=example.org", sender="ann@post.example.org")


@pytest.mark.parametrize(
    "results",
    [
        (),
        ("mx.example.net; none",),
        ("mx.example.net; dmarc=fail header.from=example.org",),
        # Right, but of another domain.
        ("mx.example.net; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example",),
        ("mx.example.net; dmarc=pass header.from=evil.example",),
        ("mx.example.net; dkim=pass header.d=evilexample.org",),
        # A domain below may be somebody else's.
        ("mx.example.net; dkim=pass header.d=guest.example.org",),
        ("mx.example.net; dkim=pass header.d=org",),
        # The domain's own policy has the last word.
        ("mx.example.net; dmarc=fail header.from=example.org; dkim=pass header.d=example.org",),
        # Of another server, or by a sender below the server's own.
        ("evil.example; dmarc=pass header.from=example.org",),
        ("mx.example.net.evil.example; dmarc=pass header.from=example.org",),
        (
            "mx.example.net; dmarc=fail header.from=example.org",
            "mx.example.net; dmarc=pass header.from=example.org",
        ),
        # Words that a sender may choose: in comments, in quotes, as part of other words.
        (
            "mx.example.net; spf=fail (x; dmarc=pass header.from=example.org) smtp.mailfrom=x@evil.example",
        ),
        (
            "mx.example.net; spf=pass (a (b) dkim=pass header.d=example.org) smtp.mailfrom=x@evil.example",
        ),
        (
            'mx.example.net; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.org;"@evil.example',
        ),
        ("mx.example.net; spf=pass (unclosed; dmarc=pass header.from=example.org",),
        ("mx.example.net; x-dmarc=pass header.from=example.org",),
        ("mx.example.net; dmarc=passing header.from=example.org",),
        ("mx.example.net; dmarc=pass reason=header.from=evil.example",),
        ('"mx.example.net" evil; dmarc=pass header.from=evil.example',),
        ("(mx.example.net) evil.example; dmarc=pass header.from=example.org",),
        ("mx.example.net; " + "(" * 100_000,),
        ('mx.example.net; "' + '\\"' * 50_000,),
        ("mx.example.network; dmarc=pass header.from=example.org",),
    ],
)
def test_a_forged_or_foreign_verdict_counts_nothing(results: tuple[str, ...]) -> None:
    assert not _is_hers(*results)


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("ann@example.org", ANN),
        ("Ann <Ann@Example.org>", ANN),
        ('"Ann, at <home>" <ann@example.org>', ANN),
        ("=?utf-8?q?=C3=84nn?= <ann@example.org>", ANN),
        # Two addresses, a group, a comment, an address as a name: programs read them differently.
        ("ann@example.org, bo@example.org", None),
        ("ann@example.org <bo@example.org>", None),
        ("Friends: ann@example.org;", None),
        ("ann@example.org (bo@example.org)", None),
        ("<ann@example.org> <bo@example.org>", None),
        ("ann@example.org@evil.example", None),
        ("änn@example.org", None),
        ("Ann", None),
        ("", None),
        (" " * 60_000 + "x", None),
        ("a " * 30_000, None),
        ('"' * 50_000 + " <ann@example.org>", None),
    ],
)
def test_a_sender_is_one_plain_address(line: str, sender: str | None) -> None:
    assert find_sender(parse_header(f"From: {line}\r\n\r\n".encode())) == sender


def test_a_mail_with_two_senders_has_none() -> None:
    header = b"From: ann@example.org\r\nFrom: bo@example.org\r\n\r\n"
    assert find_sender(parse_header(header)) is None
    assert find_sender(parse_header(b"Subject: x\r\n\r\n")) is None

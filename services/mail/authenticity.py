"""Tell by the receiving server's verdict whether a mail is of the address that it names.

`From` can be forged by anybody. The server that took the mail checks DKIM, SPF and DMARC and writes what
it found into `Authentication-Results` (RFC 8601), under its own name. Only the topmost header of that name
counts: a server writes above what it received, so one that a sender wrote lies below it.
"""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesHeaderParser

_ADDRESS = r"([^<>@\s,;:\"()]+@[^<>@\s,;:\"()]+)"
_NAME = r'(?:\s*"(?:[^"\\]|\\.)*"|[^<>@,;:"()]*)'
# Stricter than the standard: comments, groups and several addresses are read differently by programs.
_FROM = re.compile(rf"{_NAME}\s*<{_ADDRESS}>\s*|\s*{_ADDRESS}\s*")
_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NESTED_MAX = 5
_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*=\s*([a-z]+)\b(.*)", re.DOTALL)
_PROPERTY = re.compile(r"\b([a-z]+)\.([a-z-]+)\s*=\s*(\S+)")
_RESULTS = "Authentication-Results"
_RESULT_MAX, _FROM_MAX = 4000, 998
"""Letters that are read: patterns may take the square of them, and a line has no more."""

# The property that holds the domain which a method has proven.
_DOMAINS = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom",),
}


def parse_header(header: bytes) -> Message:
    """Return the header of a mail; a malformed one has fewer fields."""
    return BytesHeaderParser().parsebytes(header)


def find_sender(header: Message) -> str | None:
    """Return the one address that a mail names as its sender; None for none, several or another form."""
    named = header.get_all("From", [])
    found = _FROM.fullmatch(str(named[0])[:_FROM_MAX]) if len(named) == 1 else None
    if found is None:
        return None
    address = (found[1] or found[2]).casefold()
    return address if address.isascii() else None


def is_authentic(header: Message, sender: str, server: str) -> bool:
    """Return whether `server` found that the mail is of the sender's domain.

    By DMARC, or else by a signature or path of this very domain or of one above it.
    """
    results = [str(one) for one in header.get_all(_RESULTS, [])]
    ours = next((one for one in results if _is_written_by(server, one)), None)
    if ours is None:
        return False
    domain = sender.rpartition("@")[2]
    verdicts = _list_verdicts(_bare(ours))
    dmarc = [verdict for method, verdict, _ in verdicts if method == "dmarc"]
    # A domain that publishes what is right for it has the last word.
    if dmarc and "pass" not in dmarc:
        return all(verdict == "none" for verdict in dmarc) and _is_aligned(verdicts, domain)
    return _is_aligned(verdicts, domain)


def _is_aligned(verdicts: list[tuple[str, str, dict[str, str]]], domain: str) -> bool:
    for method, verdict, properties in verdicts:
        if verdict != "pass":
            continue
        for name in _DOMAINS.get(method, ()):
            spoken = properties.get(name, "").rpartition("@")[2].rstrip(".")
            # A domain may sign for those below it, never for the one above, which others may own.
            if spoken == domain or ("." in spoken and domain.endswith(f".{spoken}")):
                return True
    return False


def _is_written_by(server: str, result: str) -> bool:
    """Return whether a result begins with the name of a server; compared as it is, at no cost."""
    begun = result.lstrip()[: len(server) + 1].casefold()
    return (
        begun[: len(server)] == server.casefold() and begun[len(server) :].strip(" \t\r\n;") == ""
    )


def _bare(result: str) -> str:
    """Return a result in small letters, without comments, whose text a sender may choose."""
    text = result[:_RESULT_MAX].casefold()
    # A quoted text may hold anything; what is quoted is taken out, with the marks that could mislead.
    text = _QUOTED.sub(lambda found: re.sub(r"[^\w.@-]", "", found[1]), text)
    for _ in range(_NESTED_MAX):
        text, count = _COMMENT.subn(" ", text)
        if not count:
            break
    # What is left of a comment is malformed, so nothing of it may count.
    return "" if "(" in text or ")" in text else text


def _list_verdicts(text: str) -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for part in text.split(";")[1:]:
        if matched := _RESULT.match(part):
            properties = {
                f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(matched[3])
            }
            found.append((matched[1], matched[2], properties))
    return found

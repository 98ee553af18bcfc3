"""Parse the address of a mail server, and make its connection safe."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

Tls = Literal["direct", "upgraded", "none"]
SECONDS_MAX = 30.0
"""Seconds that a server may take for each answer."""
_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server, the login for it, and for IMAP the folder that is read."""

    host: str
    port: int
    tls: Tls
    """`upgraded`: by STARTTLS, without which nothing is said to the server."""
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""

    def build_context(self) -> ssl.SSLContext:
        """Return the rules of the connection: the machine's authorities, and the server's own name."""
        return ssl.create_default_context()


def parse_server(url: str, protocol: Literal["smtp", "imap"]) -> MailServer:
    """Return the server that an address like `smtps://user:password@host:465` names.

    Raises:
        ValueError: it names none, or would send a password or a mail over the network in the clear.
    """
    parts = urlsplit(url)
    path = unquote(parts.path.strip("/"))
    if parts.scheme not in {protocol, f"{protocol}s"} or not parts.hostname or parts.fragment:
        raise ValueError(protocol)
    if not path.isascii() or (path and (protocol == "smtp" or not path.isprintable())):
        raise ValueError(protocol)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    # A folder is named, because every mail in it is moved.
    if protocol == "imap" and not (user and password and path):
        raise ValueError(protocol)
    port = parts.port or _PORTS[parts.scheme]
    return MailServer(parts.hostname, port, _find_tls(parts), user, password, path)


def _find_tls(parts: SplitResult) -> Tls:
    if not parts.query:
        return "direct" if parts.scheme.endswith("s") else "upgraded"
    # Only where nobody is on the way.
    is_allowed = parts.query == "tls=off" and is_this_machine(parts.hostname or "")
    if not is_allowed or parts.scheme.endswith("s"):
        raise ValueError(parts.scheme)
    return "none"


def is_this_machine(host: str) -> bool:
    """Return whether a name or address is of this machine, so that nobody is on the way to it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

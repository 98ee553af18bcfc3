"""Tell where a request comes from, and by which address it reached the site.

Behind a proxy every connection comes from the proxy, which appends the address that it saw to
`X-Forwarded-For`. Only its own, last entry is believed, and only from a neighbour: whoever reaches
the listener from the internet could write anything there.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

from web.site import SITE

_IPV6_NETWORK = 64
"""Bits of a network that one customer has; its addresses count as one."""
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_BY_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def address_of(request: web.Request) -> str:
    """Return the address of the client, an IPv6 one by its network."""
    peer = _parse(request.remote or "")
    if peer is None:
        return "unknown"
    if peer.is_private or peer.is_loopback:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        peer = _parse(forwarded[-1].rpartition(",")[2].strip() if forwarded else "") or peer
    if isinstance(peer, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((peer, _IPV6_NETWORK), strict=False))
    return str(peer)


def is_handed_on(request: web.Request) -> bool:
    """Return whether a proxy handed a request on, as far as the request shows it."""
    host = urlsplit(f"//{request.headers.get('Host', '')}").hostname
    return host not in _THIS_MACHINE or any(name in request.headers for name in _BY_PROXIES)


def origin_of(request: web.Request) -> str:
    """Return the site's own origin: that of `PUBLIC_URL`, or else the one that was asked for."""
    public = urlsplit(request.app[SITE].public_url)
    if public.netloc:
        return f"{public.scheme}://{public.netloc}".lower()
    return f"http://{request.headers.get('Host', '')}".lower()


def is_secure(request: web.Request) -> bool:
    """Return whether people reach the site by https."""
    return request.app[SITE].public_url.startswith("https://")


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address

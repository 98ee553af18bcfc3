"""A calendar program subscribes to what comes again, until its link is ended.

The feed is fetched from the running program and read by a library that did not write it.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from datetime import date, timedelta
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import vobject

from tests.conversations.conftest import Talk, list_files_with

pytestmark = [pytest.mark.external, pytest.mark.asyncio(loop_scope="session")]

LONG = r"Rücklage für Häuser, Höfe und Gärten \ süß & „Küche“ 🏡"


def fetch(url: str, **headers: str) -> tuple[int, HTTPResponse | urllib.error.HTTPError, bytes]:
    """Get a page of the running program."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error, error.read()


def read(body: bytes) -> dict[str, list[Any]]:
    """Return the events of a feed by their summaries."""
    calendar = vobject.readOne(body.decode())
    found: dict[str, list[Any]] = {}
    for event in calendar.vevent_list:
        found.setdefault(event.summary.value, []).append(event)
    assert len({event.uid.value for event in calendar.vevent_list}) == len(calendar.vevent_list)
    return found


def link_of(text: str) -> str:
    """Return the address in a message."""
    found = re.search(r"http://\S+\.ics", text)
    assert found, text
    return found[0]


async def make_series(ann: Talk) -> None:
    """Make series of every kind that a calendar shows."""
    await ann.say("/recurring rent 850 monthly on 1 3 days before")
    card = await ann.say(f"/recurring 1500 {LONG} yearly from 1 February")
    assert "Küche" in card.text
    await ann.say("/remind doctor 60 monthly on 28")
    await ann.say("/recurring phone 20 monthly on 1")
    await ann.say("/recurring phone trial until 4 January 2027")
    await ann.say("/recurring phone contract until 30 June 2027 notice 1 month")


async def test_a_calendar_is_subscribed_to_renewed_and_ended(ann: Talk, installation: Path) -> None:
    await make_series(ann)
    page = await ann.press(await ann.say("/recurring"), "Calendar")
    assert "no calendar link yet" in page.text
    page = await ann.press(page, "Make a link")
    link = link_of(page.text)
    status, answer, body = fetch(link)
    assert status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    # RFC 5545: CRLF, and no line beyond 75 bytes.
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")

    events = read(body)
    rents = events["€850.00 rent"]
    assert date(2026, 12, 1) in [one.dtstart.value for one in rents]
    assert all(one.dtstart.value.day == 1 for one in rents)
    assert len(rents) >= 12
    assert type(rents[0].dtstart.value) is date
    assert rents[0].valarm.trigger.value == timedelta(days=-3, hours=9)
    (reminder,) = events["In 3 days: €850.00 rent"]
    assert reminder.dtstart.value == rents[0].dtstart.value - timedelta(days=3)
    assert f"€1,500.00 {LONG}" in events
    assert "To pay: €60.00 doctor" in events
    assert "Decide today, the trial ends: €20.00 phone" in events
    (notice,) = events["Last day for notice: €20.00 phone"]
    assert notice.dtstart.value == date(2027, 5, 31)

    same, _, nothing = fetch(link, **{"If-None-Match": answer.headers["ETag"]})
    assert (same, nothing) == (304, b"")
    await ann.say("/recurring gym 30 monthly on 5")
    changed, other, _ = fetch(link, **{"If-None-Match": answer.headers["ETag"]})
    assert changed == 200
    assert other.headers["ETag"] != answer.headers["ETag"]

    page = await ann.press(await ann.say("/recurring"), "Calendar")
    assert "cannot show it again" in page.text
    assert ".ics" not in page.text
    page = await ann.press(page, "New link")
    newer = link_of(page.text)
    assert fetch(link)[0] == 404
    assert fetch(newer)[0] == 200
    # Stored as a hash only; messages lose their text once they are sent.
    secret = newer.rpartition("/")[2].removesuffix(".ics").encode()
    assert await list_files_with(installation, secret) == []
    page = await ann.press(page, "End the link")
    assert "is ended" in page.text
    status, gone, body = fetch(newer)
    assert (status, gone.headers["Content-Type"]) == (
        404,
        "application/problem+json",
    )
    assert fetch(newer.replace(".ics", "x.ics"))[0] == 404

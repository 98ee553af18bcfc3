"""The views of the dashboard over HTTP, with a real ledger behind them."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import date
from decimal import Decimal

import aiohttp
import pytest

from ledger.budgets.allowance import Allowance
from ledger.entries.queries import EntryFilter
from ledger.money import Money
from ledger.periods.period import Period
from ledger.settings import Settings
from presentation.localizer import localizer_for
from presentation.page_links import Links, address_of, start_param_of
from tests.web.page.stage import ANN, BO, EVE, Stage, links
from web.page.views.figures import allowance_part
from web.page.views.parts import Context

pytestmark = pytest.mark.asyncio(loop_scope="module")

WIRE_MAX = 120_000
REQUESTS_MAX = 12
INSIDE = ("style", "script")


def digest_of(text: str) -> str:
    """Return how a policy names what stands in a page."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


async def test_the_first_address_explains_how_to_get_in_and_others_refuse_strangers(
    stage: Stage,
) -> None:
    stage.http.cookie_jar.clear()
    async with stage.http.get(f"{stage.url}/app") as answer:
        assert answer.status == 200
        page = await answer.text()
        assert "/dashboard" in page
        assert "data-stranger" in page
    for path in ("", "/entries", "/entries/nonsense", "/receipts/nonsense/image", "/recurring"):
        assert "data-stranger" in await stage.get(path, status=401)
    async with stage.http.get(f"{stage.url}/app/nonsense") as answer:
        assert answer.status == 401


async def test_people_who_are_no_members_find_nothing(stage: Stage) -> None:
    await stage.sign_in(EVE)
    mine = (await stage.entries())[0].id
    pages = [
        await stage.get(path, status=404)
        for path in ("", "/entries", f"/entries/{mine}", "/recurring", "/receipts/x/image")
    ]
    async with stage.http.get(f"{stage.url}/app/{'0' * 24}") as answer:
        assert answer.status == 404
        # The same page for what is not theirs and for what does not exist.
        assert await answer.text() == pages[0]
    # A ledger of one's own opens no entry or receipt of another one.
    await stage.say("tea 2", EVE, EVE.user_id)
    own = await stage.run(lambda scope: scope.ledger.key, person=EVE, chat_id=EVE.user_id)
    entry = (await stage.entries())[0]
    await stage.attach_receipt(entry, b"x", {})
    for path in (f"/entries/{entry.id}", f"/receipts/r{entry.id[:25]}/image"):
        async with stage.http.get(f"{stage.url}/app/{own}{path}") as answer:
            assert answer.status == 404, path
    await stage.sign_in()
    await stage.get(f"/receipts/r{entry.id[:25]}/image")
    await stage.get("/entries/nonsense", status=404)
    await stage.get("/receipts/nonsense/image", status=404)


async def test_every_answer_carries_a_strict_policy(stage: Stage) -> None:
    await stage.sign_in()
    async with stage.http.get(f"{stage.url}/app/{stage.key}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["form-action"] == "'self'"
    # Of what stands in the page itself, the digests.
    (style,), (script,) = (re.findall(f"<{one}>(.*?)</{one}>", page, re.DOTALL) for one in INSIDE)
    assert rules["style-src"] == digest_of(style)
    assert rules["script-src"] == f"'self' {digest_of(script)}"
    assert rules["img-src"] == "'self'", "no picture of the page is made in the browser"
    assert rules["frame-ancestors"] == "https://web.telegram.org https://*.telegram.org"
    assert "unsafe" not in policy
    # Nothing that this policy would block, and nothing from elsewhere.
    page = page.replace(style, "").replace(script, "")
    assert len(re.findall(r"<script(?! src=\"/app/static/)", page)) == 1
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", page)
    assert all(one.startswith(("/app", "#")) for one in links(page))


async def test_a_view_is_small_and_its_files_are_kept_forever(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    files = {one for one in links(page) if one.startswith("/app/static/")}
    assert 1 + len(files) <= REQUESTS_MAX
    size = 0
    # Not decompressed, as on the wire.
    async with aiohttp.ClientSession(
        cookie_jar=stage.http.cookie_jar, auto_decompress=False
    ) as wire:
        for path in (f"/app/{stage.key}", *files):
            headers = {"Accept-Encoding": "gzip, br"}
            async with wire.get(stage.url + path, headers=headers) as answer:
                assert answer.status == 200
                size += len(await answer.read())
                assert answer.headers["Content-Encoding"] in ("br", "gzip", "deflate"), path
                if path in files:
                    assert "immutable" in answer.headers["Cache-Control"]
    assert size <= WIRE_MAX, size
    async with stage.http.get(f"{stage.url}/app/static/app.0000000000.css") as answer:
        assert answer.status == 404


async def test_the_first_view_shows_the_month(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    assert "€1,001.70" in page, "850 + 84.20 + 46.50 + 12 + 9"
    assert "€2,400.00" in page
    # 1600 - 1001.70 over the 13 days from the 18th to the 30th, rounded down.
    assert "€46.02" in page
    assert "Flat &amp; Co" in page
    assert page.index("Housing") < page.index("Groceries") < page.index("Eating out")


@pytest.mark.parametrize(
    ("label", "amount"),
    [("Groceries", "€84.20"), ("Housing", "€850.00"), ("Bo", "€96.20"), ("Eating out", "€55.50")],
)
async def test_a_number_opens_the_entries_that_it_is_made_of(
    stage: Stage, label: str, amount: str
) -> None:
    await stage.sign_in()
    page = await stage.get()
    row = re.search(
        rf'<a class="row has-bar" href="([^"]+)">(?:(?!</a>).)*?<bdi class="row-title">{label}'
        rf'</bdi>(?:(?!</a>).)*?row-amount">{re.escape(amount)}',
        page,
        re.DOTALL,
    )
    assert row, label
    opened = await stage.get(row[1].replace("&amp;", "&").removeprefix(f"/app/{stage.key}"))
    assert f'is-smaller">{amount}' in opened


async def test_the_calendar_opens_its_days(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    day = next(one for one in links(page) if "from=2026-11-14&to=2026-11-14" in one)
    opened = await stage.get(day.removeprefix(f"/app/{stage.key}"))
    assert "€46.50" in opened
    assert "1 entry" in opened


async def test_the_search_reads_the_words_of_the_chat(stage: Stage) -> None:
    await stage.sign_in()
    for words, found, missing in (
        ("groceries last month", "€190.00", "€84.20"),
        ("#weekly", "€84.20", "€190.00"),
        ("50-100", "€84.20", "€46.50"),
        ("bo", "taxi", "€850.00"),
    ):
        page = await stage.get(f"/entries?q={words.replace('#', '%23').replace(' ', '+')}")
        assert found in page, words
        assert missing not in page.replace(f'value="{words}"', ""), words
    for words in ("", "%00", "%00bra", "%ed%a0%80", "%ff"):
        assert "No entries" in await stage.get(f"/entries?q=zebra{words}")


async def test_a_search_that_cannot_be_read_keeps_its_words_and_says_why(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get("/entries?q=%3Cimg&from=2026-11-01&to=2026-11-30", status=422)
    assert "read the amount in “&lt;img”" in page
    assert 'value="&lt;img"' in page, "the search stands with the list"
    assert "€84.20" in page


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-11-01",
        "?from=x&to=y",
        "?from=2026-11-30&to=2026-11-01",
        "?from=9999-12-31&to=9999-12-31",
        "?type=gift",
        "?member=1%00",
        "?member=99999999999999999999",
        "?least=x",
        "?least=1&currency=XXXX",
        "?after=x.y",
        "?after=2026-11-01.%00",
        "?category=%00",
        "?merchant=a%00",
        "?tag=a%0b",
        f"?{'&'.join(f'tag={n}' for n in range(1000))}",
    ],
)
async def test_a_damaged_address_is_explained(stage: Stage, query: str) -> None:
    await stage.sign_in()
    page = await stage.get(f"/entries{query}", status=422)
    assert "damaged" in page


async def test_other_periods_and_kinds_are_a_link_away(stage: Stage) -> None:
    await stage.sign_in()
    page = await stage.get()
    for part, figure in (
        ("from=2026-10-01&to=2026-10-31", "€1,102.00"),
        ("from=2026-11-16&to=2026-11-22", "€21.00"),
        ("from=2026-01-01&to=2026-12-31", "€2,103.70"),
    ):
        address = next(one for one in links(page) if one.endswith(part))
        assert figure in await stage.get(address.removeprefix(f"/app/{stage.key}"))
    assert "Nothing was spent" in await stage.get("?from=2024-01-01&to=2024-01-31")
    # Centuries have no more rows than a year.
    page = await stage.get("?from=1900-01-01&to=2199-12-31")
    table = page.partition("data-chart")[2].partition("</table>")[0]
    assert 20 < table.count("<tr>") < 80


async def test_each_member_reads_in_the_language_of_the_ledger_and_strangers_in_theirs(
    stage: Stage,
) -> None:
    await stage.sign_in(BO)
    assert "Overview" in await stage.get()
    stage.http.cookie_jar.clear()
    headers = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"}
    async with stage.http.get(f"{stage.url}/app", headers=headers) as answer:
        page = await answer.text()
    assert 'lang="de"' in page
    assert "Kassenbuch" in page


async def test_a_start_parameter_opens_its_view_and_no_other_place(stage: Stage) -> None:
    await stage.sign_in(ANN)
    which = EntryFilter(period=Period(stage.now.date().replace(day=1), stage.now.date()))
    address = Links(stage.key).entries(which)
    start = start_param_of(address)
    assert re.fullmatch(r"[\w-]{1,512}", start)
    assert address_of(start) == address
    for given, leads in ((start, address), ("aHR0cHM6Ly9ldmlsLm9yZw", "/app"), ("%00", "/app")):
        async with stage.http.get(
            f"{stage.url}/app/open?start={given}", allow_redirects=False
        ) as answer:
            assert answer.status == 303
            assert answer.headers["Location"] == leads


async def test_a_start_parameter_that_is_too_long_opens_the_view_without_its_filter() -> None:
    which = EntryFilter(words="x" * 500)
    assert address_of(start_param_of(Links("abc").entries(which))) == "/app/abc/entries"


@pytest.mark.parametrize(("committed", "said"), [("0", 1), ("58", 3)])
async def test_what_is_missing_is_said_once(committed: str, said: int) -> None:
    left, planned = Money(Decimal(-20), "EUR"), Money(Decimal(committed), "EUR")
    context = Context(
        localizer_for(Settings("EUR", "UTC", "en")), date(2026, 11, 20), Links("0" * 24)
    )
    part = allowance_part(Allowance("budget", left, planned, days=11), context)
    assert part is not None
    assert part.is_short
    assert part.explained[0] == "€20.00 over the budget"
    assert len(part.explained) == said

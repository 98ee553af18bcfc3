"""The dashboard in a real browser: readers of screens, narrow windows, hostile words, no scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from ledger.chats import Member
from ledger.entries.queries import EntryFilter
from ledger.receipt.draft import LineItem, ReceiptDraft
from ledger.receipt.draft_json import dump_draft
from ledger.settings import OwnCategory
from presentation.page_links import Links, start_param_of
from services.scope import Scope
from tests.demo.stage import BROWSER_MARKS, CHROMIUM, FLAGS
from tests.init_data import init_data
from tests.web.page.stage import ANN, EVE, FLAT, Stage

pytestmark = BROWSER_MARKS

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "</title><script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "<a href=javascript:alert(1)>x</a>",
    "\u202e<iframe srcdoc='<script>alert(1)</script>'>",
)
WIDTHS = (360, 768, 1280)
CLIENT = "window.TelegramWebviewProxy = { postEvent() {} }"
"""What a client on a phone or desk gives the page."""


@dataclass
class Window:
    """A browser that is in, and everything that went wrong in it."""

    stage: Stage
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    open: list[BrowserContext] = field(default_factory=list)

    async def look(self, path: str = "", width: int = 768, **options: Any) -> Page:  # noqa: ANN401
        """Open an address of the ledger as Ann."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 800}, **options
        )
        self.open.append(context)
        user = {"id": ANN.user_id, "first_name": ANN.name}
        answer = await context.request.post(
            f"{self.stage.url}/app/session",
            headers={"Authorization": f"tma {init_data(user, self.stage.now)}"},
        )
        assert answer.status == 201
        return await self.watch(context, f"/app/{self.stage.key}{path}")

    async def watch(self, context: BrowserContext, address: str) -> Page:
        page = await context.new_page()
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: self.wrong.append(f"error {error}"))
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("request", lambda request: self._check(request.url))
        await page.goto(self.stage.url + address)
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(text)

    def _check(self, url: str) -> None:
        if not url.startswith(self.stage.url):
            self.wrong.append(f"foreign request {url}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def window(stage: Stage, browser: Browser) -> AsyncIterator[Window]:
    opened = Window(stage, browser)
    yield opened
    for context in opened.open:
        await context.close()
    assert opened.wrong == []


async def find_barriers(page: Page) -> list[str]:
    """What keeps people with a screen reader or weak eyes out, serious or worse."""
    await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate("() => axe.run()")
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


async def is_too_wide(page: Page) -> bool:
    """Whether a reader has to move the page sideways."""
    return bool(
        await page.evaluate("document.documentElement.scrollWidth > document.body.clientWidth + 1")
    )


async def test_nobody_is_kept_out_of_any_view(window: Window) -> None:
    entry = (await window.stage.entries())[0]
    page = await window.look()
    for path in (
        "",
        "?from=2026-01-01&to=2026-12-31",
        "/entries?from=2026-11-01&to=2026-11-30",
        f"/entries/{entry.id}?done=saved",
        "/recurring",
    ):
        await page.goto(f"{window.stage.url}/app/{window.stage.key}{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert await find_barriers(page) == [], path
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800})
            assert not await is_too_wide(page), (path, width)


async def test_words_stand_out_in_the_dark_too(window: Window) -> None:
    page = await window.look(color_scheme="dark")
    assert await find_barriers(page) == []
    await page.locator(".rows a.row[href*='/entries/']").first.click()
    assert await find_barriers(page) == []


async def test_hostile_words_stay_words_in_every_field(window: Window) -> None:
    stage = window.stage
    picture = Image.new("RGB", (40, 60), "white")
    picture.save(stage.blobs.folder.parent / "r.jpg")
    data = (stage.blobs.folder.parent / "r.jpg").read_bytes()
    page = await window.look()
    for number, payload in enumerate(PAYLOADS):
        eve = Member(7000 + number, payload, None, "en")
        (entry,) = await stage.say("gift 5", eve)

        def spoil(scope: Scope, entry: Any = entry, payload: str = payload) -> None:  # noqa: ANN401
            own = OwnCategory(payload, payload, "🏷")
            settings = scope.settings
            if own not in settings.categories:
                settings = replace(settings, categories=(*settings.categories, own))
                scope.repositories.chats.save_settings(scope.ledger.id, settings)
            scope.repositories.chats.rename(FLAT, payload)
            scope.repositories.entries.save(
                replace(entry, note=payload, merchant=payload, tags=(payload,), category=payload)
            )

        await stage.run(spoil, person=eve)
        draft = ReceiptDraft(
            "receipt",
            merchant=payload,
            items=(LineItem(payload, entry.money.amount),),
            text=payload,
            total=entry.money.amount,
            currency="EUR",
        )
        stored = next(one for one in await stage.entries() if one.id == entry.id)
        await stage.attach_receipt(stored, data, {"drafts": [dump_draft(draft)]})
        await page.goto(f"{stage.url}/app/{stage.key}/entries/{entry.id}")
        assert await page.locator("#note").input_value() == payload
        assert await page.locator(".lines tbody th").inner_text() == payload
        # It is loaded when it is needed, which `decode` waits for.
        decoded = (
            "one => { one.loading = 'eager'; return one.decode().then(() => one.naturalWidth); }"
        )
        assert await page.locator(".picture img").evaluate(decoded) == 40
    for path in ("", f"/entries?{urlencode({'q': PAYLOADS[1]})}", "/entries"):
        await page.goto(f"{stage.url}/app/{stage.key}{path}")
        assert await page.locator("[onerror], [onload], [onfocus], iframe").count() == 0
        assert await page.locator("script:not([src^='/app/static/'])").count() == 1, "the bridge"


async def test_the_page_works_without_scripts_and_by_keyboard(window: Window) -> None:
    page = await window.look(java_script_enabled=False)
    await page.keyboard.press("Tab")
    assert await page.locator(":focus").get_attribute("class") == "skip"
    await page.locator("#add-text").focus()
    await page.keyboard.type("bread 3.20")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=added")
    await page.locator(".rows a.row", has_text="bread").first.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/entries/*")
    await page.locator("#amount").fill("3.40")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?done=saved")
    assert "€3.40" in await page.locator(".big").inner_text()
    await page.get_by_role("button", name="Delete this entry").press("Enter")
    await page.wait_for_url("**?done=deleted")
    await page.get_by_role("button", name="Undo").press("Enter")
    await page.wait_for_url("**?done=undone")


async def test_telegram_lets_a_person_in_and_shows_its_colours(window: Window) -> None:
    context = await window.browser.new_context(viewport={"width": 400, "height": 800})
    await context.add_init_script(CLIENT)
    window.open.append(context)
    user = {"id": ANN.user_id, "first_name": ANN.name}
    launch = urlencode(
        {
            "tgWebAppData": init_data(user, window.stage.now),
            "tgWebAppVersion": "9.1",
            "tgWebAppPlatform": "ios",
            "tgWebAppThemeParams": '{"bg_color":"#17212b","secondary_bg_color":"#232e3c",'
            '"text_color":"#f5f5f5","button_color":"#5288c1"}',
        }
    )
    # The first look without a session is a 401, which the browser's console tells.
    path = f"/app/{window.stage.key}/entries?from=2026-11-01&to=2026-11-30"
    page = await window.watch(context, f"{path}#{launch}")
    await page.locator("h1", has_text="November 2026").wait_for()
    window.wrong[:] = [one for one in window.wrong if "401" not in one]
    assert page.url.endswith(path)
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour == "rgb(35, 46, 60)"


async def test_long_words_and_amounts_keep_to_their_place(window: Window) -> None:
    word = "Haftpflichtversicherungsbeitragsanpassung"
    (entry,) = await window.stage.say(f"{word} 123456.78")
    page = await window.look()
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        assert not await is_too_wide(page), width
        big = await page.locator(".hero .big").bounding_box()
        assert big is not None
        assert big["height"] < 55, "on one line"
        row = page.locator(".rows a.row", has_text=word).first
        boxes = [await row.locator(one).bounding_box() for one in (".row-title", ".row-amount")]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"], width
    await window.stage.run(lambda scope: window.stage.services.corrections.delete(scope, entry.id))


async def test_foreign_words_begin_where_the_row_does(window: Window) -> None:
    (entry,) = await window.stage.say("קפה 5")
    page = await window.look("/entries", width=360)
    row = page.locator(".rows a.row", has_text="קפה").first
    boxes = [await row.locator(one).bounding_box() for one in (".row-title", ".row-facts")]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] == boxes[1]["x"]
    await window.stage.run(lambda scope: window.stage.services.corrections.delete(scope, entry.id))


async def test_right_to_left_the_page_is_mirrored_and_still_fits(window: Window) -> None:
    page = await window.look(width=360)
    await page.evaluate("document.documentElement.dir = 'rtl'")
    assert not await is_too_wide(page)
    tile = await page.locator(".rows a.row .tile").first.bounding_box()
    assert tile is not None
    assert tile["x"] > 180, "the icon begins a row, which is on the right"


async def test_another_launch_never_shows_the_person_before(window: Window) -> None:
    stage = window.stage
    page = await window.look()
    # Eve opens the app in the same browser, where Ann's session is still open.
    await stage.say("secret 5", EVE, EVE.user_id)
    # In a browser without Telegram, where anybody's link may lead, her data logs nobody in.
    hers = init_data({"id": EVE.user_id, "first_name": EVE.name}, stage.now)
    await page.goto("about:blank")
    await page.goto(f"{stage.url}/app#{urlencode({'tgWebAppData': hers})}")
    await page.wait_for_url(f"**/app/{stage.key}*")
    assert await page.evaluate("[window.kvitto.initData, window.kvitto.isLaunch]") == ["", False]
    await page.add_init_script(CLIENT)
    which = Links(stage.key).entries(EntryFilter(words="rent"))
    for person, start, found in (
        (EVE, "", "secret"),
        (ANN, start_param_of(which), "“rent”"),
    ):
        user = {"id": person.user_id, "first_name": person.name}
        more = {"start_param": start} if start else {}
        data = init_data(user, stage.now, **more)
        await page.goto("about:blank")
        await page.goto(f"{stage.url}/app#{urlencode({'tgWebAppData': data})}")
        await page.locator("main", has_text=found).wait_for()
    # The client loads its frame again: the view is the one that was left.
    await page.locator("nav.tabs a").last.click()
    # Only a page that was loaded whole is remembered.
    await page.wait_for_url("**/recurring")
    await page.goto("about:blank")
    await page.goto(f"{stage.url}/app#{urlencode({'tgWebAppData': data})}")
    await page.wait_for_url("**/recurring")


async def test_refused_data_is_explained(window: Window) -> None:
    context = await window.browser.new_context()
    await context.add_init_script(CLIENT)
    window.open.append(context)
    for data, words in (
        (init_data(at=window.stage.now - timedelta(days=2)), "open for too long"),
        ("hash=1", "does not hold"),
    ):
        page = await window.watch(context, f"/app#{urlencode({'tgWebAppData': data})}")
        await page.get_by_role("alert").filter(has_text=words).wait_for()
    window.wrong[:] = [one for one in window.wrong if "401" not in one]

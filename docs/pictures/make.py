"""Makes the pictures of README and tour: real conversations with the real bot, in Chromium.

    .venv/bin/python docs/pictures/make.py [en] [de] [ar]

Starts `kvitto demo`, types and sends the messages of the pictures, visits the dashboard, and writes PNG files
next to this one, each for a light and a dark page. Chromium needs an emoji font (`fonts-noto-color-emoji`).
"""

from __future__ import annotations

import asyncio
import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PORT = 8098
ADDRESS = f"http://127.0.0.1:{PORT}"
READY_SECONDS = 120
ANSWER_SECONDS = 90
QUIET_SECONDS = 1.5
"""The page moves new messages into place for less than this."""
NOW = datetime(2026, 11, 18, 18, 40, tzinfo=UTC)
"""The demo's clock is set to this moment, so that the pictures show the middle of a month."""
COLOURS = 128
"""Colours of a picture file: fewer make its gradients visible, more make it too large for a page."""
VIEW_COLOURS = 256
"""The same for a view of the dashboard, which has more colours, and no gradients but a receipt's."""
SCHEMES = ("light", "dark")
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1180, "height": 900}
NAME = "Noor"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a person types, in the language of the person's app."""

    language: str
    history: tuple[str, ...]
    """Messages before the first picture."""
    entries: tuple[str, ...]
    summary: str
    budget: str
    over: str
    """An entry that takes the budget over its limit."""
    household: tuple[str, ...] = ()
    """Messages that fill the views of the dashboard; without any it is not visited."""


CONVERSATIONS = (
    Conversation(
        "en",
        (
            "/rate 1 JPY = 0.0056 EUR on 1 nov",
            "+2400 salary 1 nov",
            "rent 850 1 nov\nelectricity 64 3 nov\nnetflix 19.99 5 nov",
            "groceries 84.20 6 nov\ncinema 24 12 nov\ntrain 38 13 nov",
            "rent 850 1 oct\ngroceries 190 9 oct\ncinema 40 12 oct\ndinner 62 10 oct",
            "/budget groceries 250",
        ),
        ("coffee 4.50", "taxi 12 yesterday; lunch 9", "ramen 980 JPY"),
        "/summary month",
        "/budget eating out 40",
        "dinner with Bo 31.50",
        (
            "/budget 1500 month",
            "/recurring gym 29 monthly on 25",
            "/recurring phone 15 monthly on 28",
            *(
                f"rent 850 1 {month}\ngroceries {food} 8 {month}\ndinner {dinner} 18 {month}\n"
                f"train {train} 25 {month}\nelectricity 64 3 {month}"
                for month, food, dinner, train in (
                    ("sep", 170, 55, 60),
                    ("aug", 210, 75, 40),
                    ("jul", 180, 75, 40),
                    ("jun", 195, 48, 52),
                    ("may", 160, 64, 38),
                    ("apr", 205, 58, 44),
                )
            ),
        ),
    ),
    Conversation(
        "de",
        (
            "/rate 1 JPY = 0,0056 EUR ab 1.11.",
            "+2400 Gehalt 1. Nov",
            "Miete 850 1. Nov\nStrom 64 3. Nov\nNetflix 19,99 5. Nov",
            "Einkauf 84,20 6. Nov\nKino 24 12. Nov\nBahn 38 13. Nov",
            "Miete 850 1. Okt\nEinkauf 190 9. Okt\nKino 40 12. Okt\nAbendessen 62 10. Okt",
            "/budget Lebensmittel 250",
        ),
        ("Kaffee 4,50", "Taxi 12 gestern; Mittag 9", "Ramen 980 JPY"),
        "/summary Monat",
        "/budget Auswärts essen 40",
        "Abendessen mit Bo 31,50",
        (
            "/budget 1500 Monat",
            "/recurring Fitness 29 monatlich am 25",
            "/recurring Telefon 15 monatlich am 28",
            *(
                f"Miete 850 1. {month}\nEinkauf {food} 8. {month}\nAbendessen {dinner} 18. {month}\n"
                f"Bahn {train} 25. {month}\nStrom 64 3. {month}"
                for month, food, dinner, train in (
                    ("Sep", 170, 55, 60),
                    ("Aug", 210, 75, 40),
                    ("Jul", 180, 75, 40),
                    ("Jun", 195, 48, 52),
                    ("Mai", 160, 64, 38),
                    ("Apr", 205, 58, 44),
                )
            ),
        ),
    ),
    Conversation(
        "ar",
        (
            "/rate 1 JPY = 0.0056 EUR on 1 nov",
            "+2400 راتب 1/11",
            "إيجار 850 1/11\nكهرباء 64 3/11",
            "بقالة 84.20 6/11\nسينما 24 12/11\nقطار 38 13/11",
            "إيجار 850 1/10\nبقالة 190 9/10\nسينما 40 12/10",
            "/budget groceries 250",
        ),
        ("قهوة 4.50", "تاكسي 12 أمس; غداء 9", "رامن 980 JPY"),
        "/summary month",
        "/budget eating out 40",
        "عشاء مطعم 31.50",
    ),
)


async def main(languages: list[str]) -> None:
    """Hold the conversations and photograph them."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", str(PORT), cwd=ROOT
    )
    try:
        async with async_playwright() as browsers:
            browser = await browsers.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            page = await browser.new_page(
                viewport={"width": 1180, "height": 1080}, device_scale_factor=1.25
            )
            await _open(page)
            for conversation in CONVERSATIONS:
                if not languages or conversation.language in languages:
                    await _converse(page, conversation)
            await browser.close()
    finally:
        demo.terminate()
        await demo.wait()


async def _open(page: Page) -> None:
    for _ in range(READY_SECONDS):
        try:
            await page.goto(ADDRESS)
        except Exception:  # noqa: BLE001 -- not listening yet, whatever the browser calls it
            await asyncio.sleep(1)
        else:
            break
    seconds = (NOW - datetime.now(UTC)).total_seconds()
    await _ask(page, "clock", {"seconds": round(seconds)})


async def _ask(page: Page, action: str, body: dict[str, object]) -> None:
    """Ask the demo for what its page offers in dialogs."""
    headers = {"Origin": ADDRESS, "X-Kvitto-Page": "1"}
    answer = await page.request.post(f"{ADDRESS}/demo/{action}", data=body, headers=headers)
    assert answer.ok, await answer.text()


async def _converse(page: Page, conversation: Conversation) -> None:
    await _ask(page, "people", {"name": NAME, "language_code": conversation.language})
    await page.reload()
    await page.locator(".chat-item", has_text=NAME).last.click()
    for text in (*conversation.history, *conversation.entries):
        await _say(page, text)
    await page.locator(".sample").first.click()
    await _wait_for_answer(page, "Kiezmarkt")
    await _photograph(page, "conversation", conversation.language)
    await _say(page, conversation.summary)
    await page.locator(".row:not(.is-mine) img").last.wait_for(timeout=ANSWER_SECONDS * 1000)
    await asyncio.sleep(QUIET_SECONDS)
    await _photograph(page, "summary", conversation.language)
    await _say(page, conversation.budget)
    await _say(page, conversation.over)
    # The alert is a message of its own, which comes after the answer.
    await asyncio.sleep(2 * QUIET_SECONDS)
    await _say(page, "/budgets")
    await _photograph(page, "budgets", conversation.language)
    if conversation.household:
        for text in conversation.household:
            await _say(page, text)
        await _visit(page, conversation.language)


async def _visit(page: Page, language: str) -> None:
    """Photograph the views of the dashboard, as a phone shows them, and one as a desktop does."""
    state = await (await page.request.get(f"{ADDRESS}/demo/state")).json()
    own = [one for one in state["chats"] if one["people"][0]["name"] == NAME][-1]
    body = {
        "chat_id": own["id"], "user_id": own["people"][0]["id"], "url": state["bot"]["app_url"],
    }  # fmt: skip
    headers = {"Origin": ADDRESS, "X-Kvitto-Page": "1"}
    answer = await page.request.post(f"{ADDRESS}/demo/mini_app", data=body, headers=headers)
    browser = page.context.browser
    assert browser is not None
    app = await browser.new_page(viewport=PHONE, device_scale_factor=1.25, locale=language)  # type: ignore[arg-type]
    # The page logs in by signed data only where a client shows it.
    await app.add_init_script("window.TelegramWebviewProxy = { postEvent() {} }")
    await app.goto((await answer.json())["address"])
    await app.locator("[data-cross]").wait_for()
    first = app.url
    for name, address in (
        ("overview", first),
        ("entries", f"{first}/entries?from=2026-11-01&to=2026-11-30"),
        ("recurring", f"{first}/recurring"),
    ):
        await app.goto(address)
        await _photograph_view(app, f"page-{name}", language)
    await app.goto(f"{first}/entries?from=2026-11-01&to=2026-11-30")
    await app.locator("a.row", has=app.locator(".has-picture")).first.click()
    await app.locator(".picture img").scroll_into_view_if_needed()
    await _photograph_view(app, "page-receipt", language)
    await app.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await app.goto(first)
    await _photograph_view(app, "page-wide", language)
    await app.close()


async def _photograph_view(app: Page, name: str, language: str) -> None:
    """Photograph a view from its top, about two screens of a phone high."""
    size = app.viewport_size
    assert size is not None
    for scheme in SCHEMES:
        await app.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await app.evaluate("scrollTo(0, 0)")
        whole = await app.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(whole, 1500)}
        photo = await app.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
        _save(photo, name, language, scheme, VIEW_COLOURS)


async def _say(page: Page, text: str) -> None:
    """Type a message and wait until the bot has answered below it."""
    sent = page.locator(".row.is-mine")
    before = await sent.count()
    box = page.locator("#composer-text")
    await box.fill(text)
    await box.press("Enter")
    await sent.nth(before).wait_for(timeout=ANSWER_SECONDS * 1000)
    answer = page.locator(".row.is-mine").nth(before).locator("~ .row:not(.is-mine)")
    await answer.first.wait_for(timeout=ANSWER_SECONDS * 1000)
    await asyncio.sleep(QUIET_SECONDS)


async def _wait_for_answer(page: Page, words: str) -> None:
    answer = page.locator(".row:not(.is-mine)", has_text=words).last
    await answer.wait_for(timeout=ANSWER_SECONDS * 1000)
    await asyncio.sleep(QUIET_SECONDS)


async def _photograph(page: Page, name: str, language: str) -> None:
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await asyncio.sleep(QUIET_SECONDS)
        photo = await page.locator("#conversation").screenshot()
        _save(photo, name, language, scheme)
    await page.emulate_media(color_scheme="light")


def _save(photo: bytes, name: str, language: str, scheme: str, colours: int = COLOURS) -> None:
    called = name if language == "en" else f"{name}-{language}"
    small = Image.open(io.BytesIO(photo)).convert("RGB").quantize(colours)
    small.save(HERE / f"{called}-{scheme}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

"""Makes the pictures of README and tour: real conversations with the real bot, in Chromium.

    .venv/bin/python docs/pictures/make.py [en] [de] [ar]

Starts `kvitto demo`, types and sends the messages of the pictures, and writes PNG files next to this
one, each for a light and a dark page. Chromium needs an emoji font (`fonts-noto-color-emoji`).
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
SCHEMES = ("light", "dark")


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
    await _ask(page, "people", {"name": "Noor", "language_code": conversation.language})
    await page.reload()
    await page.locator(".chat-item", has_text="Noor").last.click()
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
    called = name if language == "en" else f"{name}-{language}"
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await asyncio.sleep(QUIET_SECONDS)
        photo = await page.locator("#conversation").screenshot()
        small = Image.open(io.BytesIO(photo)).convert("RGB").quantize(COLOURS)
        small.save(HERE / f"{called}-{scheme}.png", optimize=True)
    await page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

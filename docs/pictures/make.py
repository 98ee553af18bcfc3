"""Makes the README's pictures: a real conversation with the real bot, photographed in Chromium.

    .venv/bin/python docs/pictures/make.py

Starts `kvitto demo`, types and sends the messages of the pictures, and writes PNG files next to this
one, each for a light and a dark page. Chromium needs an emoji font (`fonts-noto-color-emoji`).
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PORT = 8098
READY_SECONDS = 120
ANSWER_SECONDS = 90
QUIET_SECONDS = 1.5
"""The page moves new messages into place for less than this."""
NOW = datetime(2026, 11, 18, 18, 40, tzinfo=UTC)
"""The demo's clock is set to this moment, so that the pictures show the middle of a month."""
HISTORY = (
    "+2400 salary 1 nov",
    "rent 850 1 nov\nelectricity 64 3 nov\nphone 19.99 5 nov",
    "groceries 84.20 6 nov\ncinema 24 12 nov\ntrain 38 13 nov",
    "rent 850 1 oct\ngroceries 190 9 oct\ncinema 40 12 oct\ndinner 62 10 oct",
    "/budget groceries 250",
)
SCHEMES = ("light", "dark")


async def main() -> None:
    """Hold the conversation and photograph it."""
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", str(PORT), cwd=ROOT
    )
    try:
        async with async_playwright() as browsers:
            browser = await browsers.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
            )
            page = await browser.new_page(
                viewport={"width": 1180, "height": 1080}, device_scale_factor=1.5
            )
            await _open(page)
            await _converse(page)
            await browser.close()
    finally:
        demo.terminate()
        await demo.wait()


async def _open(page: Page) -> None:
    address = f"http://127.0.0.1:{PORT}"
    for _ in range(READY_SECONDS):
        try:
            await page.goto(address)
        except Exception:  # noqa: BLE001 -- not listening yet, whatever the browser calls it
            await asyncio.sleep(1)
        else:
            break
    seconds = (NOW - datetime.now(UTC)).total_seconds()
    await page.request.post(
        f"{address}/demo/clock",
        data={"seconds": round(seconds)},
        headers={"Origin": address, "X-Kvitto-Page": "1"},
    )
    await page.reload()


async def _converse(page: Page) -> None:
    for text in HISTORY:
        await _say(page, text)
    await _say(page, "coffee 4.50")
    await _say(page, "taxi 12 yesterday; lunch 9")
    await page.locator(".sample").first.click()
    await _wait_for_answer(page, "Kiezmarkt")
    await _photograph(page, "conversation")
    await _say(page, "/summary month")
    await _photograph(page, "summary")
    await _say(page, "/budget eating out 40")
    await _say(page, "dinner with Bo 31.50")
    await _wait_for_answer(page, "over budget")
    await _say(page, "/budgets")
    await _photograph(page, "budgets")


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


async def _photograph(page: Page, name: str) -> None:
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await asyncio.sleep(QUIET_SECONDS)
        path = HERE / f"{name}-{scheme}.png"
        await page.locator("#conversation").screenshot(path=path)
    await page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    asyncio.run(main())

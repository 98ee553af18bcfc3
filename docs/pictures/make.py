"""Makes the README's pictures: a real conversation with the real bot, photographed in Chromium.

    .venv/bin/python docs/pictures/make.py

Starts `kvitto demo`, types and sends what the pictures show, and writes PNG files beside this one.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PORT = 8098
READY_SECONDS = 30
RECEIPT_SECONDS = 12
SAID = (
    "+2400 salary 1 nov",
    "rent 850 1 nov\nelectricity 64 3 nov\nphone 19.99 5 nov",
    "groceries 84.20 6 nov\ncinema 24 12 nov\ntrain 38 13 nov",
    "rent 850 1 oct\ngroceries 190 9 oct\ncinema 40 18 oct\ndinner 62 10 oct",
    "/budget groceries 250",
    "coffee 4.50",
    "taxi 12 yesterday; lunch 9",
)


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
                viewport={"width": 1180, "height": 960}, device_scale_factor=1.5
            )
            await _open(page)
            await _converse(page)
            await browser.close()
    finally:
        demo.terminate()
        await demo.wait()


async def _open(page: Page) -> None:
    for _ in range(READY_SECONDS):
        try:
            await page.goto(f"http://127.0.0.1:{PORT}/")
        except Exception:  # noqa: BLE001 -- not listening yet, whatever the browser calls it
            await asyncio.sleep(1)
        else:
            return


async def _converse(page: Page) -> None:
    for text in SAID:
        await _say(page, text)
    await page.locator(".sample").first.click()
    await asyncio.sleep(RECEIPT_SECONDS)
    await _photograph(page, "conversation.png")
    await _say(page, "/summary month", seconds=4)
    await _photograph(page, "summary.png")
    for text in ("/budget eating out 40", "dinner with Bo 31.50"):
        await _say(page, text, seconds=3)
    await _say(page, "/budgets", seconds=4)
    await _photograph(page, "budgets.png")


async def _photograph(page: Page, name: str) -> None:
    await page.locator("#conversation").screenshot(path=HERE / name)


async def _say(page: Page, text: str, seconds: float = 1.5) -> None:
    box = page.locator("#composer-text")
    await box.fill(text)
    await box.press("Enter")
    await asyncio.sleep(seconds)


if __name__ == "__main__":
    asyncio.run(main())

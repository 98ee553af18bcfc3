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
SAID = (
    "+2400 salary 1.11.",
    "rent 850 1.11.\nelectricity 64 3.11.\nphone 19.99 5.11.",
    "groceries 84.20 6.11.\nlunch 13.50 9.11.\ncinema 24 12.11.\ntrain 38 13.11.",
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
                viewport={"width": 1180, "height": 860}, device_scale_factor=2
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
    await _send_sample(page, 0)
    await page.screenshot(path=HERE / "conversation.png")
    await _say(page, "/summary month", seconds=4)
    await page.screenshot(path=HERE / "summary.png")


async def _say(page: Page, text: str, seconds: float = 1.5) -> None:
    box = page.get_by_role("textbox").first
    await box.fill(text)
    await box.press("Enter")
    await asyncio.sleep(seconds)


async def _send_sample(page: Page, number: int) -> None:
    await page.locator(".sample").nth(number).click()
    await asyncio.sleep(1)
    await page.get_by_role("textbox").first.press("Enter")
    await asyncio.sleep(8)


if __name__ == "__main__":
    asyncio.run(main())

"""A plain python-telegram-bot echo bot, the yardstick beside which Kvitto is measured.

python -m bench.echo_bot URL TOKEN [concurrent]
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    _ = context
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    url, token = sys.argv[1:3]
    concurrent = 256 if "concurrent" in sys.argv else False
    builder = Application.builder().token(token).base_url(f"{url}/bot").pool_timeout(60)
    application: Application[Any, Any, Any, Any, Any, Any] = builder.concurrent_updates(
        concurrent
    ).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()

"""What `kvitto check` says of outside readers."""

from __future__ import annotations

from pathlib import Path

from bot.cli.check_external import list_attempts
from bot.setup.setting_fields import SecretText
from bot.setup.settings import Settings


async def test_paid_calls_of_a_new_installation_are_none(tmp_path: Path) -> None:
    settings = Settings(
        database_url=SecretText(f"sqlite:///{tmp_path}/new.db"),
        receipt_reader=("local", "vision"),
        openai_api_key=SecretText("key"),
    )
    attempts = dict(list_attempts(settings))
    assert await attempts["paid calls"]() == "none before the first start"

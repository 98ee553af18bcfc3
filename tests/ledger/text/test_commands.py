"""Commands in plain words, in every language, and the notes that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.text import Command, TextContext, find_command, parse_message

Chat = Callable[..., TextContext]

COMMANDS = [
    ("en", "undo", Command("undo")),
    ("en", "Undo!", Command("undo")),
    ("en", "delete that", Command("delete_last")),
    ("en", "delete coffee 4.50", Command("delete", "coffee 4.50")),
    ("en", "summary", Command("summary")),
    ("en", "summary last month", Command("summary", "last month")),
    ("en", "list", Command("list")),
    ("en", "help", Command("help")),
    ("en", "set budget food 400", Command("budget", "food 400")),
    ("en", "set budget 500", Command("budget", "500")),
    ("en", "budget 500", Command("budget", "500")),
    ("en", "budget food 400", Command("budget", "food 400")),
    ("en", "budget Travel 250 week", Command("budget", "Travel 250 week")),
    ("de", "budget Essen 400", Command("budget", "Essen 400")),
    ("en", "how much did I spend this month?", Command("how_much", "this month")),
    ("de", "rückgängig", Command("undo")),
    ("de", "lösch das", Command("delete_last")),
    ("de", "Zusammenfassung", Command("summary")),
    ("de", "hilfe", Command("help")),
    ("de", "wie viel habe ich ausgegeben?", Command("how_much")),
    ("es", "deshacer", Command("undo")),
    ("es", "resumen", Command("summary")),
    ("es", "ayuda", Command("help")),
    ("fr", "annuler", Command("undo")),
    ("fr", "aide", Command("help")),
    ("it", "annulla", Command("undo")),
    ("it", "aiuto", Command("help")),
    ("pt", "desfazer", Command("undo")),
    ("pt", "ajuda", Command("help")),
    ("ru", "помощь", Command("help")),
    ("ru", "сколько я потратил на еду", Command("how_much", "на еду")),
    ("uk", "допомога", Command("help")),
    ("pl", "pomoc", Command("help")),
    ("tr", "yardım", Command("help")),
    ("zh", "帮助", Command("help")),
    ("ja", "ヘルプ", Command("help")),
    ("hi", "मदद", Command("help")),
    ("ar", "مساعدة", Command("help")),
    ("ko", "도움말", Command("help")),
    ("id", "bantuan", Command("help")),
    ("vi", "trợ giúp", Command("help")),
    ("fa", "راهنما", Command("help")),
    ("he", "עזרה", Command("help")),
]

NOTES = [
    "report printing 5",  # begins like a command, and is an entry
    "help desk fee 20",
    "budget airline 50",  # no set budget
    "list of groceries 30",
    "coffee 4.50",
    "undone laundry 5",
    "",
]


@pytest.mark.parametrize(("language", "text", "command"), COMMANDS)
def test_a_command_in_plain_words_is_recognised_and_books_nothing(
    chat: Chat, language: str, text: str, command: Command
) -> None:
    context = chat(language, categories=("coffee",), groups=("Food", "Travel", "Essen"))
    assert find_command(text, context) == command
    parsed = parse_message(text, context)
    assert not parsed.entries
    assert parsed.command == command
    assert parsed.why is not None
    assert parsed.why.id == "command"


@pytest.mark.parametrize("text", NOTES)
def test_a_note_that_begins_like_a_command_is_none(chat: Chat, text: str) -> None:
    assert find_command(text, chat()) is None


def test_a_group_that_did_not_address_the_bot_gives_no_command(chat: Chat) -> None:
    assert find_command("undo", chat(chat_kind="group")) is None
    assert find_command("undo", chat(chat_kind="group", addressed=True)) == Command("undo")

"""What a reply to a confirmation changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.text import Correction, TextContext, parse_correction

Chat = Callable[..., TextContext]

YESTERDAY = date(2026, 3, 11)
NAMES = ("Food", "Eating out", "Еда", "食費", "طعام")

REPLIES = [
    ("en", "total 53.90", Correction(amount=Decimal("53.90"))),
    ("en", "53.90", Correction(amount=Decimal("53.90"))),
    ("en", "it was 53,90", Correction(amount=Decimal("53.90"))),
    ("en", "12 usd", Correction(amount=Decimal("12.00"), currency="USD")),
    ("en", "usd", Correction(currency="USD")),
    ("en", "yesterday", Correction(on=YESTERDAY)),
    ("en", "on 11 march", Correction(on=YESTERDAY)),
    ("en", "12 yesterday", Correction(amount=Decimal("12.00"), on=YESTERDAY)),
    ("en", "11.03.", Correction(on=YESTERDAY)),  # a day, where an amount has no stop
    ("en", "total 11.03.", Correction(amount=Decimal("11.03"))),
    ("en", "11.03", Correction(amount=Decimal("11.03"))),
    ("en", "🍽️ Eating out", Correction(category="Eating out")),  # a button's label, copied
    ("en", "it was Lidl", Correction(merchant="Lidl")),
    ("en", "at Café de Flore", Correction(merchant="Café de Flore")),
    ("en", "food", Correction(category="Food")),
    ("en", "#food", Correction(category="Food")),
    ("en", "it was food", Correction(category="Food")),  # a category before a shop
    ("en", "category eating out", Correction(category="Eating out")),
    ("en", "note lunch with Bo", Correction(note="lunch with Bo")),
    ("en", "note: 2 beers", Correction(note="2 beers")),  # figures of a note are words
    ("en", "total 53.90\nyesterday", Correction(amount=Decimal("53.90"), on=YESTERDAY)),
    ("de", "Summe 53,90", Correction(amount=Decimal("53.90"))),
    ("de", "gestern", Correction(on=YESTERDAY)),
    ("de", "das war bei Lidl", Correction(merchant="Lidl")),
    ("de", "Notiz Mittag mit Bo", Correction(note="Mittag mit Bo")),
    ("es", "importe 53,90", Correction(amount=Decimal("53.90"))),
    ("es", "ayer", Correction(on=YESTERDAY)),
    ("es", "fue en Mercadona", Correction(merchant="Mercadona")),
    ("fr", "montant 53,90", Correction(amount=Decimal("53.90"))),
    ("fr", "hier", Correction(on=YESTERDAY)),
    ("fr", "c'était chez Carrefour", Correction(merchant="Carrefour")),
    ("it", "totale 53,90", Correction(amount=Decimal("53.90"))),
    ("it", "ieri", Correction(on=YESTERDAY)),
    ("pt", "valor 53,90", Correction(amount=Decimal("53.90"))),
    ("pt", "ontem", Correction(on=YESTERDAY)),
    ("ru", "сумма 539", Correction(amount=Decimal("539.00"))),
    ("ru", "вчера", Correction(on=YESTERDAY)),
    ("ru", "это был Магнит", Correction(merchant="Магнит")),
    ("ru", "заметка обед с Бо", Correction(note="обед с Бо")),
    ("ru", "еда", Correction(category="Еда")),
    ("uk", "сума 539", Correction(amount=Decimal("539.00"))),
    ("uk", "вчора", Correction(on=YESTERDAY)),
    ("pl", "razem 53,90", Correction(amount=Decimal("53.90"))),
    ("pl", "wczoraj", Correction(on=YESTERDAY)),
    ("tr", "toplam 539", Correction(amount=Decimal("539.00"))),
    ("tr", "dün", Correction(on=YESTERDAY)),
    ("zh", "总计 53.90", Correction(amount=Decimal("53.90"))),
    ("zh", "昨天", Correction(on=YESTERDAY)),
    ("zh", "备注 和小王吃饭", Correction(note="和小王吃饭")),
    ("ja", "合計 539", Correction(amount=Decimal(539))),
    ("ja", "昨日", Correction(on=YESTERDAY)),
    ("ja", "食費", Correction(category="食費")),
    ("hi", "कुल 539", Correction(amount=Decimal("539.00"))),
    ("hi", "कल", Correction(on=YESTERDAY)),
    ("ar", "المجموع 539", Correction(amount=Decimal("539.00"))),
    ("ar", "أمس", Correction(on=YESTERDAY)),
    ("ar", "طعام", Correction(category="طعام")),
]

NOTHING = [
    "hello there",  # speech
    "coffee 12",  # a new entry, not a correction
    "delete?",  # a question
    "0",  # no amount
    "1,2,3",  # no number
    "category spaceships",  # none of the chat's
    "note",  # without a note
    "3 or 4",  # which one
    "",
]


@pytest.mark.parametrize(("language", "text", "meaning"), REPLIES)
def test_a_reply_corrects_what_it_names(
    chat: Chat, language: str, text: str, meaning: Correction
) -> None:
    assert parse_correction(text, chat(language, categories=NAMES)) == meaning


@pytest.mark.parametrize("text", NOTHING)
def test_other_words_correct_nothing(chat: Chat, text: str) -> None:
    assert parse_correction(text, chat(categories=NAMES)) is None

"""What a reply to a confirmation changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from ledger.text import (
    Correction,
    TextContext,
    find_typed_correction,
    parse_correction,
    parse_message,
)

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
    ("de", "es war Lidl", Correction(merchant="Lidl")),
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


FORMS = [
    ("en", "change to 28", Correction(amount=Decimal("28.00"))),
    ("en", "28 instead of 30", Correction(amount=Decimal("28.00"), old_amount=Decimal("30.00"))),
    ("en", "not 30 but 28", Correction(amount=Decimal("28.00"), old_amount=Decimal("30.00"))),
    ("en", "28 not 30", Correction(amount=Decimal("28.00"), old_amount=Decimal("30.00"))),
    ("en", "delete", Correction(delete=True)),
    ("en", "#home", Correction(tags=("home",))),
    ("en", "paid by Mia", Correction(payer="Mia")),
    ("en", "tip 3", Correction(tip=Decimal("3.00"))),
    ("en", "merchant 1&1", Correction(merchant="1&1")),  # figures of a named shop are its name
    ("en", "shop 4711", Correction(merchant="4711")),
    ("en", "it was income", Correction(type="income")),
    ("de", "28 statt 30", Correction(amount=Decimal("28.00"), old_amount=Decimal("30.00"))),
    ("de", "nicht 30 sondern 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("de", "bezahlt von Mia", Correction(payer="Mia")),
    ("es", "no 30 sino 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("es", "borrar", Correction(delete=True)),
    ("fr", "28 au lieu de 30", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("it", "non 30 ma 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("pt", "28 em vez de 30", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("ru", "не 30, а 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("ru", "оплатила Мия", Correction(payer="Мия")),
    ("uk", "28 замість 30", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("pl", "nie 30 tylko 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    # Where the word follows the old value, the order turns round.
    ("tr", "30 değil 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("tr", "Mia ödedi", Correction(payer="Mia")),
    ("ja", "30じゃなくて28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("hi", "30 नहीं 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("ko", "30 말고 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("zh", "不是30是28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("zh", "小王付的", Correction(payer="小王")),
    ("ar", "28 بدل 30", Correction(amount=Decimal(28), old_amount=Decimal(30))),
    ("id", "28rb bukan 30rb", Correction(amount=Decimal(28000), old_amount=Decimal(30000))),
    ("vi", "28k thay vì 30k", Correction(amount=Decimal(28000), old_amount=Decimal(30000))),
    ("fa", "حذف", Correction(delete=True)),
    ("he", "לא 30 אלא 28", Correction(amount=Decimal(28), old_amount=Decimal(30))),
]

TYPED = [
    ("en", "no, 5.50", "5.50"),
    ("en", "sorry, 45", "45"),
    ("en", "make it 45", "45"),
    ("en", "actually it was 45", "45"),
    ("de", "nein, 45", "45"),
    ("es", "eran 45", "45"),
    ("fr", "non, 45", "45"),
    ("it", "no, 45", "45"),
    ("pt", "não, foi 45", "45"),
    ("ru", "опечатка 450", "450"),
    ("ru", "не 500 а 450", "450"),
    ("uk", "ні, 45", "45"),
    ("pl", "nie, 45", "45"),
    ("zh", "不对，是45", "45"),
    ("ja", "いや、580円", "580"),
    ("hi", "नहीं, 45", "45"),
    ("ko", "아니 4500원", "4500"),
    ("id", "bukan, 45rb", "45000"),
    ("vi", "không phải, 45k", "45000"),
]


@pytest.mark.parametrize(("language", "text", "meaning"), FORMS)
def test_a_reply_corrects_in_every_usual_form(
    chat: Chat, language: str, text: str, meaning: Correction
) -> None:
    assert parse_correction(text, chat(language)) == meaning


@pytest.mark.parametrize(("language", "text", "amount"), TYPED)
def test_a_correction_typed_without_a_reply_books_nothing(
    chat: Chat, language: str, text: str, amount: str
) -> None:
    parsed = parse_message(text, chat(language))
    assert not parsed.entries
    assert parsed.correction is not None
    assert parsed.correction.amount == Decimal(amount)
    assert find_typed_correction(text, chat(language)) == parsed.correction


@pytest.mark.parametrize("text", ["coffee 4.50", "no name cola 2", "sorry cake 12", "45", ""])
def test_an_entry_is_no_correction(chat: Chat, text: str) -> None:
    assert find_typed_correction(text, chat()) is None

"""Kinds of messages that strangers typed and that were read wrongly: told prices, balances, ranges, scores."""

from __future__ import annotations

import pytest

from tests.ledger.text.conftest import Say

MEASURES = [
    ("fr", "3 kg de pommes à 2,10 le kilo", "6.30 EUR <3 kg de pommes>"),
    ("de", "500g Mett 9,90 das Kilo", "4.95 EUR <500g Mett>"),
    ("en", "3 nights at 90 a night hotel", "270.00 EUR <3 nights hotel>"),
    ("it", "2 etti di prosciutto 28 al chilo", "5.60 EUR <2 etti di prosciutto>"),
    ("en", "apples 2.10/kg", "2.10 EUR <apples /kg>"),  # nothing says how many
    ("en", "rent 800 a month", "800.00 EUR <rent a month>"),
    # The sum stands beside the price: it was paid, and pumps show three decimals.
    ("en", "gas 12.4 gal at 3.29/gal 40.80", "40.80 EUR <gas 12.4 gal at 3.29/gal>"),
    ("de", "Tanken 41,3 Liter 1,699 gesamt 70,17", "70.17 EUR <Tanken 41,3 Liter 1,699 gesamt>"),
    ("de", "Tanken 41,3 Liter 1,699", "ask which_amount"),
    ("en", "2 l milk 3 and 1 l cream 6", "3.00 EUR <2 l milk> | 6.00 EUR <1 l cream>"),
    ("fr", "essence 42,5 l à 1,789", "76.03 EUR <essence 42,5 l>"),
    ("zh", "加油 40升 每升7.8", "312.00 CNY <加油 40升>"),
    ("ru", "яблоки 1,5 кг по 120", "180.00 RUB <яблоки 1,5 кг>"),
    ("es", "medio kilo de jamón a 18 el kilo", "ask record_anyway"),
    ("fi", "bensa 40 litraa 1,85", "ask which_amount"),
    ("en", "20 l milk 18.50", "18.50 EUR <20 l milk>"),
    ("de", "Pizza 3x 9,50 = 28,50", "28.50 EUR <Pizza>"),
    ("en", "half of 60 for the taxi", "ask which_amount"),
    ("en", "3 beers at 4, pizza 12", "12.00 EUR <3 beers> | 12.00 EUR <pizza>"),
]
BALANCES = [
    (
        "en",
        "Monzo: You paid £6.20 at Pret. Your balance is £312.44",
        "6.20 GBP <Monzo: You paid at Pret>",
    ),
    ("en", "$12.04 at Chipotle. Avail bal $1,204.33", "12.04 USD <Chipotle>"),
    ("ru", "кофе 250р Баланс: 15 320р", "250.00 RUB <кофе>"),
    ("en", "coffee 4, new balance shoes 89", "4.00 EUR <coffee> | 89.00 EUR <new balance shoes>"),
]
ASKED = [
    ("en", "between 30 and 40 for the cab", "ask which_amount"),
    ("de", "taxi 30 bis 40", "ask which_amount"),
    (
        "en",
        "between jobs lunch 12 and coffee 4",
        "12.00 EUR <between jobs lunch> | 4.00 EUR <coffee>",
    ),
    ("en", "PSG 2-1 OM", "ask record_anyway"),
    ("en", "Lakers won 112-108", "ask record_anyway"),
    ("en", "lunch 100-30", "70.00 EUR <lunch>"),
    ("de", "Essen 56 mit Trinkgeld 60", "ask which_amount"),
    ("de", "Essen 50 und 10% Trinkgeld", "55.00 EUR <Essen Trinkgeld>"),
    ("en", "15% tip on 60 dinner", "ask which_amount"),
    ("en", "tip 15% 9", "9.00 EUR <tip 15%>"),
    ("en", "dinner 60 incl 15% tip", "60.00 EUR <dinner incl 15% tip>"),
    ("en", "dinner for 2 at 7", "refused quantity | ask record_anyway"),
    ("de", "-,80 Brötchen", "refused malformed"),
]
NAMED = [
    ("en", "flight UA 1482", "refused naming | ask record_anyway"),
    ("de", "ICE 598 Wagen 12 Platz 45", "refused naming | ask record_anyway"),
    ("de", "IBAN DE44 5001 0517 5407 3249 31", "refused run"),
    ("en", "card 4111 1111 1111 1111", "refused run"),
    ("en", "split 96 between 4 for the cabin", "96.00 EUR <split between 4 for the cabin>"),
    ("sv", "ica 1 412:50", "1412.50 SEK <ica>"),
    ("sv", "möte 13:30", "refused time"),
    ("en", "bought 3 shirts", "refused quantity | ask record_anyway"),
    ("en", "bought 12 lunch", "12.00 EUR <bought lunch>"),
    ("de", "habe 2 Hemden gekauft", "refused quantity | ask record_anyway"),
    ("es", "horno a 180", "refused naming"),
    ("es", "horno nuevo 180", "180.00 EUR <horno nuevo>"),
    ("es", "llego en 20", "refused sentence | ask record_anyway"),
    ("en", "temp 101.3 poor kid", "refused middle | ask record_anyway"),
    ("en", "zip 90210", "refused naming"),
    ("de", "Rate 2/6 Waschmaschine 79", "79.00 EUR <Rate 2/6 Waschmaschine>"),
    ("pt", "conta de luz 189,90 vence dia 10", "refused future_date"),
]
LIGHT = [
    ("cs", "včera lidl 890 kč", "890.00 CZK <lidl> @2026-03-11"),
    ("cs", "sejdem se v 6", "refused time"),
    ("sk", "výplata 1 tisíc", "+1000.00 EUR <výplata>"),
    ("hu", "tegnap benzin 15 ezer", "15000.00 HUF <benzin> @2026-03-11"),
    ("el", "χθες σούπερ μάρκετ 45 ευρώ", "45.00 EUR <σούπερ μάρκετ> @2026-03-11"),
    ("el", "τα λέμε στις 8", "refused time"),
    ("ro", "ieri benzină 300", "300.00 RON <benzină> @2026-03-11"),
    ("hr", "jučer kava 2,20", "2.20 EUR <kava> @2026-03-11"),
    ("fi", "eilen kauppa 45,20", "45.20 EUR <kauppa> @2026-03-11"),
]


@pytest.mark.parametrize(
    ("language", "text", "shown"), [*MEASURES, *BALANCES, *ASKED, *NAMED, *LIGHT]
)
def test_what_strangers_type(say: Say, language: str, text: str, shown: str) -> None:
    assert say(text, language) == shown

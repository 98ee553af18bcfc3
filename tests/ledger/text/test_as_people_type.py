"""Corrections, prices of a piece, budgets, sales and glued signs, in each language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from ledger.text import TextContext, find_typed_correction, parse_message
from tests.ledger.text.conftest import Say

Chat = Callable[..., TextContext]

CORRECTIONS = [
    ("en", "scratch that, it was 31.20", "31.20"),
    ("en", "wait, make that 18", "18"),
    ("en", "hmm actually it was 7.80", "7.80"),
    ("en", "hang on, should have been 12", "12"),
    ("en", "nah it's 9.50", "9.50"),
    ("en", "i mean 23", "23"),
    ("de", "Mist, waren 21,40", "21.40"),
    ("de", "warte, es waren doch 16", "16"),
    ("de", "nee moment, das war 8,90", "8.90"),
    ("de", "lieber 45 machen", "45"),
    ("de", "ach quatsch das waren 12,30", "12.30"),
    ("es", "espera, eran 14,20", "14.20"),
    ("es", "mejor ponle 22", "22"),
    ("es", "ay no, fueron 9", "9"),
    ("es", "no espera que son 33", "33"),
    ("fr", "ah non attends c'était 16,80", "16.80"),
    ("fr", "mince, c'est 21", "21"),
    ("fr", "nan mets plutôt 14", "14"),
    ("fr", "enfin non, ça faisait 35", "35"),
    ("it", "aspetta, erano 24,50", "24.50"),
    ("it", "anzi no metti 11", "11"),
    ("it", "cavolo, era 8,40", "8.40"),
    ("it", "meglio facciamo 30", "30"),
    ("pt", "peraí, foi 42", "42"),
    ("pt", "não, na real foram 38", "38"),
    ("pt", "melhor colocar 55", "55"),
    ("pt", "poxa, eram 19,90", "19.90"),
    ("ru", "стой, было 640", "640"),
    ("ru", "блин, это 320", "320"),
    ("ru", "ой нет, вышло 1250", "1250"),
    ("ru", "лучше поставь 700", "700"),
    ("uk", "чекай, було 340", "340"),
    ("uk", "та ні, це 280", "280"),
    ("uk", "краще постав 150", "150"),
    ("pl", "czekaj, to było 43", "43"),
    ("pl", "kurde, były 34,90", "34.90"),
    ("pl", "lepiej daj 60", "60"),
    ("pl", "nie no jednak 28", "28"),
    ("tr", "dur, 240 idi", "240"),
    ("tr", "hay aksi 320 olacaktı", "320"),
    ("tr", "daha doğrusu 95", "95"),
    ("zh", "等等，是45", "45"),
    ("zh", "不对不对，应该是78", "78"),
    ("zh", "哦不，其实花了62", "62"),
    ("ja", "待って、1500円だった", "1500"),
    ("ja", "あ、やっぱり980円でした", "980"),
    ("ja", "いや2300円のはず", "2300"),
    ("ja", "違う違う、680円だよ", "680"),
    ("ko", "잠깐, 8500원이야", "8500"),
    ("ko", "아 아니다 12000원이었어", "12000"),
    ("ko", "아니 4500원이네", "4500"),
    ("vi", "khoan, là 45k", "45000"),
    ("vi", "à nhầm, phải là 60k", "60000"),
    ("vi", "không, đúng ra 35k", "35000"),
    ("id", "eh bentar, harusnya 45rb", "45000"),
    ("id", "bukan deng, 32rb", "32000"),
    ("id", "tunggu, tadi itu 28rb", "28000"),
    ("hi", "arre nahi 340 tha", "340"),
    ("hi", "ruko, 180 the", "180"),
    ("hi", "रुको, 220 था", "220"),
    ("hi", "nahi bhai 90 hi tha", "90"),
    ("ar", "لا استنى كان 45", "45"),
    ("ar", "لحظة، كانوا 80", "80"),
    ("ar", "لا والله هو 32", "32"),
    ("fa", "نه صبر کن ۴۵۰۰۰ بود", "45000"),
    ("fa", "وایسا، 80000 بود", "80000"),
    ("he", "רגע, זה היה 45", "45"),
    ("he", "לא לא, זה 72", "72"),
    ("he", "עזוב, היו 38", "38"),
    ("nl", "wacht, het was 14,50", "14.50"),
    ("nl", "nee toch 22", "22"),
    ("nl", "oeps, waren 18,90", "18.90"),
    ("sv", "vänta, det var 145", "145"),
    ("sv", "nej alltså 89", "89"),
    ("nb", "vent, det var 230", "230"),
    ("nb", "nei egentlig 99", "99"),
    ("th", "ไม่ใช่ 250", "250"),
    ("th", "เดี๋ยว เป็น 180", "180"),
    ("is", "nei bíddu, það var 2400", "2400"),
]

NO_CORRECTIONS = [
    ("ru", "запиши 500"),
    ("zh", "记45"),
    ("nl", "was 12,50"),
    ("en", "better burger 18"),
    ("en", "wait staff tip 5"),
    ("it", "meglio gelato 3"),
    ("de", "Essen waren 34"),
    ("ko", "커피 4500원이야"),
    ("ja", "ランチ980円だった"),
    ("tr", "yemek 240 idi"),
    ("ja", "1500円です"),
    ("en", "total 45"),
]

PIECES = [
    ("de", "3x Brezel à 1,20", "3.60"),
    ("de", "2x Brot zu je 3,40", "6.80"),
    ("en", "3 lattes 4.20 each", "12.60"),
    ("en", "2 shirts 15 apiece", "30.00"),
    ("tr", "4 simit 15 ten", "60.00"),
    ("tr", "2 döner 120 den", "240.00"),
    ("tr", "3 ayran tanesi 25", "75.00"),
    ("zh", "包子三个每个2块", "6.00"),
    ("zh", "咖啡两杯一杯18", "36.00"),
    ("zh", "3瓶水每瓶4", "12.00"),
    ("ko", "김밥 2줄 3500원씩", "7000"),
    ("ko", "맥주 4캔 개당 2500원", "10000"),
    ("vi", "3 tô phở 45k/tô", "135000"),
    ("vi", "2 ổ bánh mì 20k một ổ", "40000"),
    ("vi", "5 chai bia mỗi chai 18k", "90000"),
    ("he", "2 פלאפל ב-22 כל אחד", "44.00"),
    ("he", "3 קפה 14 ליחידה", "42.00"),
    ("pl", "3 pączki po 4,50", "13.50"),
    ("ru", "4 пирожка по 60", "240.00"),
    ("uk", "2 кави по 55", "110.00"),
    ("es", "3 cañas a 2,50 cada una", "7.50"),
    ("es", "2 camisetas 12 c/u", "24.00"),
    ("fr", "4 croissants à 1,30 pièce", "5.20"),
    ("it", "2 spritz a 6 l'uno", "12.00"),
    ("pt", "3 pastéis a 8 cada", "24.00"),
    ("ja", "おにぎり3個 150円ずつ", "450"),
    ("id", "2 nasi goreng 18rb/porsi", "36000.00"),
    ("id", "3 es teh @5rb", "15000.00"),
    ("hi", "3 samosa 15 each", "45.00"),
    ("hi", "4 chai 10 wali", "40.00"),
    ("hi", "2 plate momo 60 per plate", "120.00"),
    ("ar", "3 شاورما كل واحد 15", "45.00"),
    ("fa", "۲ نوشابه دونه ای 30000", "60000.00"),
    ("nl", "4 bier à 2,80", "11.20"),
    ("nl", "2 broodjes 4,50 per stuk", "9.00"),
    ("sv", "3 bullar 25 kr styck", "75.00"),
    ("nb", "2 boller 30 kr stk", "60.00"),
    ("vi", "25k một cái", "25000"),
    ("en", "4.50 each", "4.50"),
    ("de", "2,80 pro Stück Brezel", "2.80"),
    ("en", "netflix 12/month", "12.00"),
    ("fr", "gare 3 pièces 1200", "1200.00"),
    ("zh", "三个人吃饭150", "150.00"),
    ("en", "dinner for 2 people 60", "60.00"),
]

BUDGETS = [
    ("en", "put a budget on food of 300"),
    ("en", "limit groceries to 250"),
    ("en", "budget for food is 400"),
    ("de", "Limit für Lebensmittel 300"),
    ("de", "leg ein Budget für Essen von 400 fest"),
    ("de", "setz das Limit für Essen auf 250"),
    ("es", "pon un límite de 300 para comida"),
    ("es", "límite comida 250"),
    ("fr", "mets une limite de 200 pour les courses"),
    ("fr", "fixe le budget courses à 300"),
    ("it", "metti un limite di 150 per i ristoranti"),
    ("it", "imposta budget cibo 300"),
    ("pt", "coloca um limite de 500 pra comida"),
    ("pt", "define orçamento de mercado em 800"),
    ("pl", "ustaw limit na zakupy 600"),
    ("pl", "ustaw budżet na jedzenie 900"),
    ("ru", "поставь лимит на еду 15000"),
    ("ru", "лимит на такси 3000"),
    ("uk", "встанови ліміт на їжу 5000"),
    ("tr", "yemek için limit 3000 koy"),
    ("tr", "market bütçesi 5000 olsun"),
    ("zh", "设置餐饮预算1500"),
    ("zh", "吃饭限额800"),
    ("ja", "食費の予算を30000円に設定"),
    ("ja", "食費の上限4万円"),
    ("ko", "식비 예산 30만원으로 설정"),
    ("ko", "식비 한도 20만원"),
    ("vi", "đặt ngân sách ăn uống 3tr"),
    ("vi", "đặt hạn mức ăn uống 2tr"),
    ("id", "atur batas makan 1jt"),
    ("id", "set anggaran makan 800rb"),
    ("hi", "khane ka budget 5000 set karo"),
    ("hi", "limit khana 4000"),
    ("ar", "حدد ميزانية الأكل 800"),
    ("ar", "ضع حد للمطاعم 500"),
    ("fa", "بودجه خوراک رو بذار ۲۰۰۰۰۰۰"),
    ("he", "תקבע תקציב לאוכל 1500"),
    ("he", "הגבלה על אוכל 1200"),
    ("nl", "zet limiet voor eten op 300"),
    ("sv", "sätt budget för mat 3000"),
    ("nb", "sett budsjett for mat 4000"),
]

NO_BUDGETS = [
    ("en", "budget airline 60"),
    ("fr", "hotel budget 60"),
    ("en", "speed limit fine 120"),
    ("it", "riparazione tetto 300"),
]

TOLD = [
    ("fa", "دلار شد 110 هزار تومان"),
    ("en", "dollar became 110 thousand"),
    ("en", "X owes me 20"),
    ("en", "euro hit 1.08 today"),
    ("en", "dollar is now 83"),
    ("en", "tom owes me 20"),
    ("en", "lisa still owes us 35 euros"),
    ("de", "der dollar steht bei 0,92"),
    ("de", "max schuldet mir noch 20€"),
    ("de", "du schuldest mir 15 euro"),
    ("es", "el dólar está a 1200"),
    ("es", "juan me debe 50 euros"),
    ("fr", "le dollar est à 0,92"),
    ("fr", "paul me doit 30€"),
    ("it", "marco mi deve 25 euro"),
    ("pt", "o dólar foi pra 5,80"),
    ("pt", "joão me deve 50 reais"),
    ("ru", "доллар уже 98 рублей"),
    ("ru", "паша должен мне 500 рублей"),
    ("uk", "долар вже 42 грн"),
    ("uk", "саша винен мені 200 грн"),
    ("pl", "euro po 4,30"),
    ("pl", "tomek wisi mi 50 zł"),
    ("tr", "dolar 42 lira oldu"),
    ("tr", "ali bana 500 lira borçlu"),
    ("zh", "美元涨到7.3了"),
    ("zh", "小王欠我50块"),
    ("ja", "ドル155円になった"),
    ("ja", "田中が2000円借りてる"),
    ("ko", "환율 1400원 됐네"),
    ("ko", "민수가 나한테 5만원 빚졌어"),
    ("vi", "đô lên 25k rồi"),
    ("vi", "nam nợ mình 200k"),
    ("id", "dolar udah 16rb"),
    ("id", "budi utang 50rb ke aku"),
    ("hi", "dollar 88 ka ho gaya"),
    ("hi", "rahul ko mujhe 500 dene hai"),
    ("hi", "dollar 85 rs ho gaya"),
    ("ar", "الدولار صار 50 جنيه"),
    ("ar", "احمد مديون لي 100 ريال"),
    ("fa", "علی ۵۰ تومن به من بدهکاره"),
    ("he", "הדולר ירד ל-3.4"),
    ("he", "דני חייב לי 50 שקל"),
    ("nl", "jan is me 20 euro schuldig"),
]

GLUED = [
    ("tr", "A101 188,50", "188.50 TRY <A101>"),
    ("en", "ps4 120 bucks", "120.00 USD <ps4>"),
    ("en", "sold my ps4 120 bucks", "+120.00 USD <sold my ps4>"),
    ("hi", "swiggy₹240dosa", "240.00 INR <swiggy dosa>"),
    ("en", "uber$14airport", "14.00 USD <uber airport>"),
    ("en", "tesco£8snacks", "8.00 GBP <tesco snacks>"),
    ("de", "rewe€12brot", "12.00 EUR <rewe brot>"),
    ("tr", "A101 92,50", "92.50 TRY <A101>"),
    ("en", "Pret24 6.40", "6.40 EUR <Pret24>"),
    ("pl", "Store24 42,90", "42.90 PLN <Store24>"),
    ("fr", "ps5 d'occasion 280", "280.00 EUR <ps5 d'occasion>"),
    ("it", "playstation 5 usata 300", "300.00 EUR <playstation 5 usata>"),
    ("zh", "学费两千八", "2800.00 CNY <学费>"),
    ("zh", "午饭一百二", "120.00 CNY <午饭>"),
    ("zh", "电费一百五十", "150.00 CNY <电费>"),
    ("zh", "打车三十六", "36.00 CNY <打车>"),
    ("ko", "GS25 4800", "4800 KRW <GS25>"),
    ("vi", "circle k 45k", "45000 VND <circle k>"),
]

INCOMES = [
    ("en", "sold my bike 120 bucks", "+120.00"),
    ("en", "scholarship landed 800", "+800.00"),
    ("en", "200 came in from freelance", "+200.00"),
    ("de", "altes Sofa verkauft 90 euro", "+90.00"),
    ("de", "bafög da 580", "+580.00"),
    ("de", "stipendium 300", "+300.00"),
    ("it", "venduto la bici 130", "+130.00"),
    ("it", "borsa di studio 600", "+600.00"),
    ("pl", "sprzedałam wózek 350 zł", "+350.00"),
    ("pl", "stypendium 800", "+800.00"),
    ("pl", "wpłynęło 1200 za zlecenie", "+1200.00"),
    ("es", "vendí la bici 90", "+90.00"),
    ("es", "beca 400", "+400.00"),
    ("fr", "vendu mon vélo 150", "+150.00"),
    ("fr", "bourse 450", "+450.00"),
    ("pt", "vendi meu celular 600", "+600.00"),
    ("pt", "caiu a bolsa 700", "+700.00"),
    ("ru", "продал велик 5000", "+5000.00"),
    ("ru", "стипендия 3000", "+3000.00"),
    ("uk", "продала коляску 2500", "+2500.00"),
    ("uk", "стипендія 2000", "+2000.00"),
    ("tr", "bisikleti sattım 3000", "+3000.00"),
    ("tr", "kyk bursu 2000", "+2000.00"),
    ("ja", "メルカリで本売れた 1200円", "+1200"),
    ("ja", "奨学金 50000", "+50000"),
    ("ko", "자전거 팔았어 50000", "+50000"),
    ("ko", "중고 판매 30000", "+30000"),
    ("zh", "卖了旧电脑 1500", "+1500.00"),
    ("zh", "奖学金 2000", "+2000.00"),
    ("vi", "bán xe cũ 5tr", "+5000000"),
    ("vi", "học bổng 3tr", "+3000000"),
    ("id", "jual hp lama laku 800rb", "+800000.00"),
    ("id", "beasiswa cair 1jt", "+1000000.00"),
    ("hi", "purana phone becha 4000", "+4000.00"),
    ("hi", "scholarship aayi 5000", "+5000.00"),
    ("ar", "بعت اللابتوب 900", "+900.00"),
    ("fa", "گوشیمو فروختم ۵۰۰۰۰۰۰", "+5000000.00"),
    ("he", "מכרתי אופניים 400", "+400.00"),
    ("nl", "fiets verkocht 80", "+80.00"),
    ("sv", "sålde cykeln 500", "+500.00"),
    ("nb", "solgte sofaen 800", "+800.00"),
]


@pytest.mark.parametrize(("language", "text", "amount"), CORRECTIONS)
def test_a_figure_among_words_of_correcting_corrects(
    chat: Chat, language: str, text: str, amount: str
) -> None:
    correction = find_typed_correction(text, chat(language))
    assert correction is not None
    assert correction.amount == Decimal(amount)
    assert not parse_message(text, chat(language)).entries


@pytest.mark.parametrize(("language", "text"), NO_CORRECTIONS)
def test_a_word_of_its_own_or_a_verb_of_noting_makes_an_entry(
    chat: Chat, language: str, text: str
) -> None:
    assert parse_message(text, chat(language)).entries


@pytest.mark.parametrize(("language", "text", "amount"), PIECES)
def test_the_price_of_a_piece_is_multiplied_by_its_count(
    say: Say, language: str, text: str, amount: str
) -> None:
    shown = say(text, language)
    assert shown.startswith(f"{amount} ")
    assert "|" not in shown


@pytest.mark.parametrize(("language", "text"), BUDGETS)
def test_a_budget_in_a_sentence_is_a_command(chat: Chat, language: str, text: str) -> None:
    command = parse_message(text, chat(language)).command
    assert command is not None
    assert command.kind == "budget"


@pytest.mark.parametrize(("language", "text"), NO_BUDGETS)
def test_an_entry_may_hold_a_noun_for_a_budget(chat: Chat, language: str, text: str) -> None:
    assert parse_message(text, chat(language)).entries


@pytest.mark.parametrize(("language", "text"), TOLD)
def test_rates_and_debts_in_a_group_are_no_entries(say: Say, language: str, text: str) -> None:
    assert say(text, language, chat_kind="group").startswith("ignored")


@pytest.mark.parametrize(("language", "text", "shown"), GLUED)
def test_signs_names_and_numerals_without_spaces_are_read(
    say: Say, language: str, text: str, shown: str
) -> None:
    assert say(text, language) == shown


@pytest.mark.parametrize(("language", "text", "amount"), INCOMES)
def test_a_finished_sale_and_money_that_landed_are_income(
    say: Say, language: str, text: str, amount: str
) -> None:
    shown = say(text, language)
    assert shown.startswith(f"{amount} ")
    assert "|" not in shown

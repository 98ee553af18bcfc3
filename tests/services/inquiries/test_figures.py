"""The figures of every operation, over one ledger of known entries, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ledger.entries.queries import Coverage
from ledger.errors import UnavailableError
from ledger.inquiries.answers import InquiryAnswer, InquiryAsked, InquiryDeclined
from ledger.inquiries.query import Query, QueryFilter
from ledger.receipt.draft import LineItem, ReceiptDraft
from ledger.receipt.draft_json import dump_draft
from ledger.settings import Settings
from ledger.stored_receipts import Receipt
from ports.answers import Page
from ports.external_ai import AskableNames
from ports.jobs import ReadQuestion
from ports.queue import Job
from ports.repositories import Repositories
from presentation.localizer import localizer_for
from presentation.views.asking.inquiries import inquiry
from services.inquiries.planned import projected
from services.inquiries.rereading import InquiryRereader, reread_question
from services.insights.forecast import forecast
from services.reporting.searching import read_known_filter
from storage import Database
from tests.services.insights.setup import household, write
from tests.services.setup import ANN, BERLIN, BO, NOW, Run, Table

BOOKED = (
    ("coffee 4.50", ANN),
    ("coffee 3 yesterday", BO),
    ("pizza 12 on 5 November #work", BO),
    ("Pharmacie 20 on 3 November", ANN),
    ("flight 240 on 12 October", ANN),
    ("coffee 2 on 13 October", ANN),
    ("[groceries] milk 30 on 2 October", ANN),
    ("coffee 980 JPY on 3 November", ANN),
    ("+1200 salary on 1 November", ANN),
    ("+5 refund [groceries] on 4 November", ANN),
)


class House:
    """A chat of two people with a month of entries."""

    def __init__(self, run: Run) -> None:
        self.run, self.table = run, Table(kind="group")

    async def move_in(self) -> None:
        """Book what is known."""

        def work(repositories: Repositories) -> None:
            for text, person in BOOKED:
                incoming = self.table.incoming(repositories, text, person=person, addressed=True)
                scope = self.table.scope(repositories, person=person)
                captured = self.table.services.capture.from_text(scope, incoming)
                assert len(captured.booked) == 1, text

        await self.run(work)

    async def ask(self, text: str, *, now: datetime = NOW) -> Any:  # noqa: ANN401 -- any answer
        """Return the answer to `/ask`."""

        def work(repositories: Repositories) -> Any:  # noqa: ANN401
            incoming = replace(self.table.incoming(repositories, text, now=now), command=True)
            scope = self.table.scope(repositories, now=now)
            return self.table.services.inquiries.ask(scope, incoming)

        return await self.run(work)


def minor(answer: InquiryAnswer) -> int:
    """Return the total in cents."""
    return answer.figures.total.minor


async def test_every_figure_is_what_the_entries_add_up_to(run: Run) -> None:
    house = House(run)
    await house.move_in()
    coffee = await house.ask("how much on coffee this month?")
    assert (minor(coffee), coffee.figures.count) == (750, 3)
    assert [str(money.amount) for money in coffee.figures.apart] == ["980"], "no rate, no guess"
    refunds = await house.ask("how much on groceries in November?")
    assert (minor(refunds), refunds.figures.count, refunds.figures.refunds) == (-500, 0, 1)
    people = await house.ask("who paid how much in November")
    assert {group.key: minor_of(group) for group in people.groups} == {7: 1950, 8: 1500}
    ranked = await house.ask("top 2 categories in October")
    assert [minor_of(group) for group in ranked.groups] == [24000, 3000]
    assert ranked.others == 1
    months = await house.ask("spending by month this year")
    assert [minor_of(group) for group in months.groups] == [27200, 3450]
    assert minor(await house.ask("income this year")) == 120000
    assert minor(await house.ask("how much did Bo pay this month?")) == 1500
    assert minor(await house.ask("how much for #work this month?")) == 1200


def minor_of(group: Any) -> int:  # noqa: ANN401 -- a group of an answer
    return int(group.figures.total.minor)


async def test_comparisons_averages_and_single_entries(run: Run) -> None:
    house = House(run)
    await house.move_in()
    compared = await house.ask("compare coffee this month with last month")
    assert (minor(compared), compared.before.total.minor) == (750, 200)
    assert compared.before_period.days == 20, "as many days as this month has had"
    assert compared.begun is None, "nothing was bought on the first day"
    unknown = await house.ask("compare coffee in October with September")
    told = str(inquiry(unknown, localizer_for(BERLIN)).text)
    assert "not known" in told
    assert "more" not in told, "nothing rose from what nobody recorded"
    later = NOW + timedelta(days=363)
    year = await house.ask("compare coffee this month with the same month last year", now=later)
    assert (year.before_period.start, year.before_period.days) == (date(2026, 11, 1), 18)
    assert year.before.total.minor == 0, "what was bought later in that month does not count yet"
    average = await house.ask("average coffee in November")
    assert average.average.minor == 375, "the yen without a rate count in no average"
    median = await house.ask("median expense in October")
    assert median.average.minor == 3000
    daily = await house.ask("average per day in November")
    assert daily.average.minor == round(3450 / 20)
    share = await house.ask("what share is coffee in November")
    assert (minor(share), share.before.total.minor) == (750, 3450)
    largest = await house.ask("biggest purchase in October")
    assert [entry.note for entry in largest.entries] == ["flight"]
    smallest = await house.ask("cheapest purchase in October")
    assert [entry.note for entry in smallest.entries] == ["coffee"]
    last = await house.ask("when did I last buy pizza?")
    assert last.entries[0].spent_on == date(2026, 11, 5)
    listed = await house.ask("show all expenses over 100")
    assert isinstance(listed, Page)
    assert [entry.note for entry in listed.entries] == ["flight"]


async def test_an_average_of_earlier_months_is_taken_over_those_that_the_ledger_has(
    run: Run,
) -> None:
    house = House(run)
    await house.move_in()
    running = await house.ask("compare groceries with the average")
    assert (running.units, running.before.total.minor) == (1, 3000), "October alone, not a third"
    assert "same days of the one earlier period" in shown(running)
    started = await house.ask("compare coffee this month to average", now=NOW - timedelta(days=15))
    assert started.before.is_empty, "5 November: the coffee of 13 October is not of the same days"
    whole = await house.ask("compare coffee in October with the average")
    assert (whole.units, whole.before) == (0, None)
    assert "no earlier period" in shown(whole)
    later = await house.ask(
        "compare coffee this month with the average", now=NOW + timedelta(days=41)
    )
    assert (later.units, later.before.total.minor) == (2, 475), "September has no entry"
    assert "the average of the same days" not in shown(later), "on 31 December whole months count"


def shown(answer: InquiryAnswer) -> str:
    """Return the text of an answer in English."""
    return str(inquiry(answer, localizer_for(Settings("EUR", "Europe/Berlin", "en"))).text)


async def test_sums_of_tags_hold_every_tag_of_an_entry(run: Run) -> None:
    house = House(run)
    await house.move_in()

    def work(repositories: Repositories) -> None:
        incoming = house.table.incoming(repositories, "bus 3 #work #trip", addressed=True)
        house.table.services.capture.from_text(house.table.scope(repositories), incoming)

    await run(work)
    tags = await house.ask("top tags this month")
    assert [(one.key, minor_of(one)) for one in tags.groups] == [("work", 1500), ("trip", 300)]
    assert [one.which.tags for one in tags.groups] == [("work",), ("trip",)]


async def test_a_projection_is_the_forecast_of_the_insights(run: Run) -> None:
    def work(repositories: Repositories) -> tuple[Any, ...]:
        table = Table()
        scope = table.scope(repositories)
        write(scope, household())
        asked = (
            Query("projection"),
            Query("projection", filter=QueryFilter(scopes=("groceries",))),
            Query("projection", filter=QueryFilter(words="rent")),
        )
        answers: list[Any] = [projected(scope, one) for one in asked]
        food = Coverage(categories=("groceries",))
        return (*(one.average for one in answers), forecast(scope), forecast(scope, coverage=food))

    month, groceries, rent, whole, food = await run(work)
    assert (month, groceries) == (whole.total, food.total)
    assert rent.minor == 80_000, "words have no forecast; one payment is not multiplied"


async def test_words_are_found_by_their_beginning_and_it_is_said(run: Run) -> None:
    house = House(run)
    await house.move_in()
    answer = await house.ask("how much for pharmacies this month?")
    assert minor(answer) == 2000
    assert answer.searched == "pharmacie"
    nothing = await house.ask("how much for coffee in May 2025?")
    assert nothing.figures.is_empty
    assert nothing.latest == date(2026, 11, 20), "never 0 without saying where there is something"


async def test_what_is_open_is_asked_and_what_is_not_ours_is_declined(run: Run) -> None:
    house = House(run)
    await house.move_in()
    person = await house.ask("how much did Kevin pay last week?")
    assert isinstance(person, InquiryAsked)
    assert [query.filter.member for query in person.options] == ["", "Ann", "Bo"]
    weekday = await house.ask("how much did we spend on friday?")
    assert isinstance(weekday, InquiryAsked), "it is Friday: today, or a week ago?"
    reasons = {
        "should I buy bitcoin?": "advice",
        "how much did Bo spend in his private chat?": "private",
        "delete all entries of May": "write",
        "who owes whom?": "splits_later",
        "what is left of the food budget without coffee?": "leaves_out",
        "how much did we spend this month without?": "leaves_out",
        "how are you?": "not_a_question",
        "what is left of the food budget?": "no_budgets",
        "coffee 4.50": "not_a_question",
    }
    for text, reason in reasons.items():
        declined = await house.ask(text)
        assert isinstance(declined, InquiryDeclined), text
        assert declined.reason == reason, text
    await house.ask("how much this month?")
    added = await house.ask("and without coffee?")
    assert minor(added) == 32_00 - 5_00


LEFT_OUT = {
    # Spent in November: coffee 4.50 and 3, pizza 12 (Bo, #work), Pharmacie 20, 5 back for groceries,
    # and coffee of 980 yen without a rate.
    "how much did we spend this month without coffee?": 27_00,
    "how much this month except coffee and pizza": 15_00,
    "how much without groceries this month?": 32_00 + 7_50,
    "how much did we spend without #work this month?": 22_50,
    "how much this month except for Bo?": 19_50,
    "how much did we spend since October except in October?": 34_50,
    "what did we spend this month, not counting yen": 34_50,
    "wie viel haben wir diesen Monat ohne coffee ausgegeben?": 27_00,
    "Ausgaben diesen Monat ohne coffee": 27_00,
    "combien ce mois sans coffee ?": 27_00,
    "сколько потратили в этом месяце без coffee?": 27_00,
    "ile wydaliśmy w tym miesiącu bez coffee?": 27_00,
    "bu ay coffee hariç ne kadar harcadık?": 27_00,
    "今月はcoffee以外にいくら使った？": 27_00,
    "이번 달 coffee 빼고 얼마 썼어?": 27_00,
    "这个月除了coffee花了多少钱？": 27_00,
}


async def test_what_a_question_leaves_out_is_in_no_sum(run: Run) -> None:
    house = House(run)
    await house.move_in()
    found = {text: minor(await house.ask(text)) for text in LEFT_OUT}
    assert found == LEFT_OUT
    t = localizer_for(replace(BERLIN, language="de"))
    answer = await house.ask("wie viel diesen Monat ohne Miete und coffee?")
    text = str(inquiry(answer, t).text)
    assert "ohne „miete“ und „coffee“" in text
    assert "„miete“ heißt nichts" in text, "what leaves nothing out is said"
    assert minor(answer) == 27_00
    followed = await house.ask("und ohne pizza?")
    assert minor(followed) == 15_00
    assert minor(await house.ask("how much for pizza this month?")) == 12_00
    assert minor(await house.ask("and without pizza?")) == 22_50, "not pizza without pizza"


async def test_a_short_word_is_no_part_of_another_one(run: Run) -> None:
    house = House(run)
    await house.move_in()

    def book(repositories: Repositories) -> None:
        for text in ("tea 2", "steak 30", "team lunch 40", "teas, two 5"):
            incoming = house.table.incoming(repositories, text, addressed=True)
            house.table.services.capture.from_text(house.table.scope(repositories), incoming)

    await run(book)
    assert minor(await house.ask("how much for tea this month?")) == 7_00
    assert minor(await house.ask("how much for steak this month?")) == 30_00
    assert minor(await house.ask("how much without tea today?")) == 74_50


async def test_a_currency_is_no_word_and_two_people_are_compared(run: Run) -> None:
    house = House(run)
    await house.move_in()
    for text in (
        "how much did we spend in yen?",
        "wie viel in Yen ausgegeben?",
        "how much in JPY?",
    ):
        yen = await house.ask(text)
        assert yen.query.filter == replace(yen.query.filter, currency="JPY", words=""), text
        assert [str(money.amount) for money in yen.figures.apart] == ["980"], text
        shown = str(inquiry(yen, localizer_for(BERLIN)).text)
        assert "in JPY" in shown
        assert "As it was typed: <b>JP¥980</b>" in shown
        assert "€0.00" not in shown, "without a rate nothing is no sum"
    for text in ("who paid more, Ann or Bo?", "Wer hat mehr bezahlt, Ann oder Bo?"):
        compared = await house.ask(text)
        assert isinstance(compared, InquiryAnswer), text
        assert (compared.query.op, compared.query.by) == ("compare", "member"), text
        assert [group.key for group in compared.groups] == [ANN.user_id, BO.user_id], text


async def test_the_price_of_an_item_is_followed_across_receipts(run: Run) -> None:
    house = House(run)
    await house.move_in()

    def keep(repositories: Repositories) -> None:
        scope = house.table.scope(repositories)
        for number, (day, price) in enumerate((("2", "1.19"), ("9", "1.29"))):
            draft = replace(
                _DRAFT,
                items=(LineItem("Vollmilch 1L", Decimal(price)), LineItem("Brot", Decimal(2))),
            )
            receipt = replace(
                _RECEIPT,
                id=f"r{number}",
                ledger_id=scope.ledger.id,
                source=f"tg:1:{900 + number}",
                reading={"drafts": [dump_draft(draft)]},
            )
            repositories.receipts.add(receipt)
            repositories.receipts.save(receipt)
            incoming = house.table.incoming(repositories, f"lidl 5 on {day} November")
            captured = house.table.services.capture.from_text(
                scope, replace(incoming, command=True)
            )
            entry = replace(captured.booked[0].entry, receipt_id=receipt.id, merchant="LIDL")
            repositories.entries.save(entry)

    await run(keep)
    answer = await house.ask("price of vollmilch")
    assert [str(point.price.amount) for point in answer.prices] == ["1.29", "1.19"]
    assert {point.merchant for point in answer.prices} == {"LIDL"}
    # Lines are summed up by item, and next to the entries that have the words themselves.
    items = await house.ask("which items did we buy most this month?")
    assert [
        (group.key, group.figures.total.minor, group.figures.count) for group in items.groups
    ] == [
        ("Brot", 4_00, 2),
        ("Vollmilch 1L", 2_48, 2),
    ]
    assert items.receipts == 2
    shown = inquiry(items, localizer_for(BERLIN))
    assert "Brot: <b>€4.00</b> · 2 times" in str(shown.text)
    opened = [button.label for row in shown.buttons for button in row]
    assert "Brot" in opened, "an item opens its receipts"
    brot = await house.ask("how much for brot this month?")
    assert brot.figures.is_empty
    assert brot.lines is not None
    assert (brot.lines.total.minor, brot.lines.count) == (4_00, 2)
    assert "€4.00" in str(inquiry(brot, localizer_for(BERLIN)).text)
    lidl = await house.ask("how much for lidl this month?")
    assert lidl.lines is None, "a receipt that is counted is not counted by its lines again"


_DRAFT = ReceiptDraft(
    kind="receipt",
    merchant="LIDL",
    on=date(2026, 11, 2),
    total=Decimal("3.19"),
    currency="EUR",
    currency_source="printed",
    tax=None,
    items=(),
    checks=(),
    confidence={},
    evidence={},
    sure=True,
    asks=(),
    candidates={},
    text="",
    missing=(),
)
_RECEIPT = Receipt(
    id="r",
    ledger_id=1,
    source="",
    user_id=ANN.user_id,
    file_ref="f",
    file_name="r.jpg",
    caption="",
    state="booked",
    received_at=datetime(2026, 11, 2, tzinfo=UTC),
)


class Reader:
    """A model that reads every question alike."""

    def __init__(self, fields: Mapping[str, Any] | None) -> None:
        self.fields, self.told = fields, AskableNames()

    async def read_question(
        self, text: str, *, today: date, language: str, names: AskableNames, chat_id: int
    ) -> Mapping[str, Any] | None:
        assert text
        assert chat_id == 1
        assert (today, language) == (date(2026, 11, 20), "en")
        self.told = names
        if self.fields is None:
            raise UnavailableError("down")
        return self.fields


async def test_a_model_reads_what_the_grammar_could_not_and_code_answers(
    run: Run, database: Database
) -> None:
    house = House(run)
    await house.move_in()
    text = "my caffeine habit, financially speaking?"

    def refuse(repositories: Repositories) -> Any:  # noqa: ANN401 -- a job or None
        incoming = replace(house.table.incoming(repositories, text), command=True)
        answer = house.table.services.inquiries.ask(house.table.scope(repositories), incoming)
        return reread_question(house.table.chat(repositories), 7, incoming, answer, "u1:1")

    assert await run(refuse) is not None
    job = ReadQuestion(text, 7, "tg:1:99", NOW, "u1:1")
    claim = Job(1, "k", job.kind, {}, 1, 1, NOW)
    reader = Reader({"op": "total", "filter": {"words": "coffee"}})
    event = await InquiryRereader(database.units, reader).run(job, claim)
    assert event is not None
    assert event.query == {"op": "total", "type": "expense", "filter": {"words": "coffee"}}
    assert "Ann" not in repr(reader.told), "people's names stay here"
    invented = (
        {"op": "total", "filter": {"category": "yachts"}},
        {"op": "select *"},
        {"op": "total", "filter": {"member": "Ann"}},
        {"op": "total", "filter": {"period": {"from": "x", "to": "y"}}},
        None,
    )
    for fields in invented:
        assert await InquiryRereader(database.units, Reader(fields)).run(job, claim) is None


async def test_a_list_and_a_summary_leave_out_what_is_named(run: Run) -> None:
    house = House(run)
    await house.move_in()

    def work(repositories: Repositories) -> list[str]:
        scope = house.table.scope(repositories)
        which = read_known_filter(
            scope, "october without coffee and groceries", {"groceries": "groceries"}
        )
        return [one.note for one in repositories.entries.page(scope.ledger.id, which, limit=9)]

    assert await run(work) == ["flight"]

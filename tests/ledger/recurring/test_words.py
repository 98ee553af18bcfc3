"""Standing entries are understood as people write them, in every language that has words for them."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.recurring.words import parse_recurring

TODAY = date(2026, 11, 30)


def describe(text: str, language: str) -> tuple[str, str, list[str]]:
    """Return the entry's words, the step, and the first two days of booking."""
    words = parse_recurring(text, TODAY, language)
    assert words is not None
    rule = words.plan.rule
    days = words.plan.occurrences(date.min.replace(year=2026), date(2040, 1, 1))
    booked = [rule.booked_on(day).isoformat() for day, _ in zip(days, range(2), strict=False)]
    return words.rest, f"{rule.every} {rule.unit}", booked


@pytest.mark.parametrize(
    ("language", "text", "rest", "step", "days"),
    [
        ("en", "rent 850 monthly on 1", "rent 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("en", "rent 850 every month on the 31st", "rent 850", "1 month", ["2026-11-30", "2026-12-31"]),
        ("en", "salary +3200 on the last working day", "salary +3200", "1 month", ["2026-11-30", "2026-12-31"]),
        ("en", "gym 29 every friday", "gym 29", "1 week", ["2026-12-04", "2026-12-11"]),
        ("en", "allowance 10 every 2 weeks", "allowance 10", "2 week", ["2026-11-30", "2026-12-14"]),
        ("en", "allowance 10 every other week on friday", "allowance 10", "2 week", ["2026-12-04", "2026-12-18"]),
        ("en", "insurance 240 quarterly from 15 dec", "insurance 240", "3 month", ["2026-12-15", "2027-03-15"]),
        ("en", "tax 1200 every year on 6 April", "tax 1200", "12 month", ["2027-04-06", "2028-04-06"]),
        ("en", "rent 850 monthly on 5 before weekends", "rent 850", "1 month", ["2026-12-04", "2027-01-05"]),
        ("en", "daily bread 3 every day", "daily bread 3", "1 day", ["2026-11-30", "2026-12-01"]),
        ("de", "Miete 850 monatlich am 1.", "Miete 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("de", "Gehalt +3200 am letzten Werktag", "Gehalt +3200", "1 month", ["2026-11-30", "2026-12-31"]),
        ("de", "Fitness 29 jeden Freitag", "Fitness 29", "1 week", ["2026-12-04", "2026-12-11"]),
        ("de", "GEZ 55,08 alle 3 Monate am 15.", "GEZ 55,08", "3 month", ["2026-12-15", "2027-03-15"]),
        ("de", "Kfz-Steuer 300 j\u00e4hrlich am 10. Februar", "Kfz-Steuer 300", "12 month", ["2027-02-10", "2028-02-10"]),
        ("en", "rent 850 monthly 10", "rent 850", "1 month", ["2026-12-10", "2027-01-10"]),
        ("en", "coffee monthly 30", "coffee 30", "1 month", ["2026-11-30", "2026-12-30"]),
        ("fr", "loyer 850 tous les mois le 1", "loyer 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("fr", "salle de sport 29,90 toutes les 2 semaines", "salle de sport 29,90", "2 week", ["2026-11-30", "2026-12-14"]),
        ("es", "alquiler 850 cada mes el día 1", "alquiler 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("it", "affitto 850 ogni mese il 1", "affitto 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("pt", "aluguel 850 todo mês dia 5", "aluguel 850", "1 month", ["2026-12-05", "2027-01-05"]),
        ("pl", "czynsz 2500 co miesiąc 10", "czynsz 2500", "1 month", ["2026-12-10", "2027-01-10"]),
        ("pl", "gaz 200 co 2 miesiące dnia 3", "gaz 200", "2 month", ["2026-12-03", "2027-02-03"]),
        ("ru", "аренда 30000 каждый месяц 5 числа", "аренда 30000", "1 month", ["2026-12-05", "2027-01-05"]),
        ("uk", "оренда 9000 щомісяця 5-го числа", "оренда 9000", "1 month", ["2026-12-05", "2027-01-05"]),
        ("ar", "إيجار 850 كل شهر يوم 1", "إيجار 850", "1 month", ["2026-12-01", "2027-01-01"]),
        ("de", "Taschengeld 10 alle zwei Wochen", "Taschengeld 10", "2 week", ["2026-11-30", "2026-12-14"]),
    ],
)  # fmt: skip
def test_words_of_a_rule(language: str, text: str, rest: str, step: str, days: list[str]) -> None:
    assert describe(text, language) == (rest, step, days)


def test_ends_counts_reminders_and_varying_amounts() -> None:
    words = parse_recurring(
        "electricity about 48 monthly on 15 until march 2028, remind 3 days before", TODAY, "en"
    )
    assert words is not None
    assert words.plan.until == date(2028, 3, 31)
    assert (words.rest, words.varies, words.reminders) == ("electricity 48", True, (3,))
    counted = parse_recurring("sofa 99 monatlich 12 mal", TODAY, "de")
    assert counted is not None
    assert (counted.rest, counted.plan.count) == ("sofa 99", 12)


@pytest.mark.parametrize(
    ("language", "text", "rest", "until"),
    [
        ("en", "netflix 12.99 monthly on 5 for 3 months", "netflix 12.99", date(2027, 3, 4)),
        ("de", "Netflix 12,99 monatlich am 5. für 3 Monate", "Netflix 12,99", date(2027, 3, 4)),
        ("de", "Kurs 20 jede Woche für 2 Monate", "Kurs 20", date(2027, 1, 29)),
        ("fr", "cours 20 toutes les semaines pendant 6 semaines", "cours 20", date(2027, 1, 10)),
        ("ru", "аренда 850 каждый месяц 1 числа на 2 года", "аренда 850", date(2028, 11, 30)),
        ("en", "present for mum 20 monthly", "present for mum 20", None),
    ],
)
def test_a_time_that_it_lasts_is_its_end(
    language: str, text: str, rest: str, until: date | None
) -> None:
    words = parse_recurring(text, TODAY, language)
    assert words is not None
    assert (words.rest, words.plan.until) == (rest, until)


def test_without_a_step_it_is_monthly_and_said_to_be_a_guess() -> None:
    words = parse_recurring("rent 850", TODAY, "en")
    assert words is not None
    assert not words.stepped
    assert words.plan.rule.unit == "month"


@pytest.mark.parametrize("text", ["", "monthly", "on 1", "every friday"])
def test_a_rule_without_an_entry_is_nothing(text: str) -> None:
    assert parse_recurring(text, TODAY, "en") is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "rent 850 every 0 days"),
        ("en", "rent 850 every 999 months"),
        ("en", "rent 850 every 99999999999 days"),
        ("en", "rent 850 monthly for 100000 months"),
        ("de", "Sofa 99 monatlich 5000 mal"),
        ("en", "rent 850 monthly on 42"),
        ("de", "Miete 850 monatlich am 0."),
        ("ru", "аренда 850 каждый месяц 42 числа"),
        ("de", "Sofa 99 monatlich 0 mal"),
    ],
)
def test_a_rule_that_cannot_be_is_not_replaced_by_another(language: str, text: str) -> None:
    assert parse_recurring(text, TODAY, language) is None


@pytest.mark.parametrize(
    ("language", "end", "until"),
    [
        # Monday 30 November 2026 is today.
        ("en", "yesterday", date(2026, 11, 29)),
        ("de", "letzten Monat", date(2026, 10, 31)),
        ("en", "sunday", date(2026, 12, 6)),
        ("de", "Freitag", date(2026, 12, 4)),
        ("de", "31.12.", date(2026, 12, 31)),
        ("de", "Oktober", date(2027, 10, 31)),
        ("en", "5 oct", date(2027, 10, 5)),
    ],
)
def test_an_end_without_a_year_is_the_next_unless_it_names_the_past(
    language: str, end: str, until: date
) -> None:
    words = parse_recurring(
        f"gym 29 monthly {'until' if language == 'en' else 'bis'} {end}", TODAY, language
    )
    assert words is not None
    assert words.plan.until == until


def test_a_past_start_without_a_year_is_near() -> None:
    words = parse_recurring("phone 20 monthly from 5 nov", TODAY, "en")
    assert words is not None
    assert words.plan.rule.start == date(2026, 11, 5)
    words = parse_recurring("phone 20 monthly from 5 oct", TODAY, "en")
    assert words is not None
    assert words.plan.rule.start == date(2027, 10, 5)

"""Messages that are entries: one or several, with counts, models, days, sums and income."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from bench.training.messages.languages import ASK, COMMON, Draw, Drawn, fill, open_language, silence
from bench.training.messages.writing import Money, draw_money, draw_note, draw_value
from ledger.money import minor_digits

COUNT_MAX = 20
"""Whole numbers below this could count the words behind them."""

MISTYPED_SHARE = 0.05

Kind = Callable[[Draw], Drawn | None]


def entry(
    draw: Draw, money: Money, note: str | None, *, on: date | None = None, income: bool = False
) -> dict[str, Any]:
    """Label one entry; a note of None is not judged."""
    unit = Decimal(1).scaleb(-minor_digits(money.currency))
    label: dict[str, Any] = {
        "type": "income" if income else "expense",
        "amount": f"{money.value.quantize(unit, ROUND_HALF_EVEN):f}",
        "currency": money.currency,
        "date": (on or draw.chat.sent_at.date()).isoformat(),
    }
    return label if note is None else {**label, "note": note}


def _booked(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"entries": list(entries)}


def _join(draw: Draw, note: str, money: Money) -> str:
    """Put note and amount in one order or the other; a currency may lead to odd places."""
    count = not money.is_clear and money.value < COUNT_MAX  # 7 diapers
    if note[0].isdecimal() or count or draw.often(0.7):
        return f"{note} {money.text}"
    return f"{money.text} {note}"


# --- one entry


def draw_simple(draw: Draw) -> Drawn | None:
    """`coffee 4.50`, `$12 lunch`, `lunch 12 visa`."""
    note = draw_note(draw)
    if note is None:
        return None
    money = draw_money(draw)
    tail = draw.word("tails") if draw.often(0.15) else None
    if tail and not note[-1].isdecimal():
        text, note = f"{note} {money.text} {tail}", f"{note} {tail}"
    else:
        text = _join(draw, note, money)
    known = note.casefold() in {word.casefold() for word in draw.language.words("notes")}
    also = () if known or money.given or not draw.chat.is_group else (silence(draw),)
    return Drawn(text, _booked(entry(draw, money, note)), also)


def draw_added(draw: Draw) -> Drawn | None:
    """`add 12 lunch`: an entry asked for in words."""
    note, verb = draw.word("notes"), draw.word("add")
    if note is None or verb is None:
        return None
    money = draw_money(draw)
    text = f"{verb} {_join(draw, note, money)}"
    also = (silence(draw),) if draw.chat.is_group else ()
    return Drawn(text, _booked(entry(draw, money, None)), also)


def draw_glued(draw: Draw) -> Drawn | None:
    """`coffee250`, `lunch-12`, `pizza12€`, `🍕12`."""
    money = draw_money(draw)
    if not money.text[0].isdecimal():
        return None
    if draw.often(0.2):
        emoji = draw.chance.choice(open_language(COMMON).data["emoji"].split())
        return Drawn(f"{emoji}{money.text}", _booked(entry(draw, money, None)))
    note = draw.word("notes")
    if note is None or not note.isalpha():
        return None
    gap = draw.chance.choice(("", "", "-", "- ", ": ", " - ", "="))
    return Drawn(f"{note}{gap}{money.text}", _booked(entry(draw, money, note)))


def draw_counted(draw: Draw) -> Drawn | None:
    """`3 beers and fries 25`, `box of 6 donuts 9`."""
    frame = draw.word("counted")
    if frame is None:
        return None
    note = fill(draw, frame)
    if draw.often(0.3) and (joint := draw.word("and")) and (other := draw.word("notes")):
        note = f"{note} {joint} {other}"
    money = draw_money(draw)
    return Drawn(f"{note} {money.text}", _booked(entry(draw, money, note)))


def draw_numbered(draw: Draw) -> Drawn | None:
    """`iphone 16 pro 999`, `7up 2`, `ps5 game 70`."""
    note = draw.word("numbered")
    if note is None:
        return None
    money = draw_money(draw)
    text = f"{money.text} {note}" if money.given and draw.often(0.2) else f"{note} {money.text}"
    also = (ASK,) if not money.is_clear and note[-1].isdecimal() else ()
    if draw.chat.is_group and not money.is_clear:
        also = (*also, silence(draw))
    return Drawn(text, _booked(entry(draw, money, note)), also)


def draw_dated(draw: Draw) -> Drawn | None:
    """`yesterday taxi 12`, `dentist 150 last friday`, `el 3 luz 40`."""
    day = _draw_day(draw)
    note = draw.word("notes")
    if day is None or note is None:
        return None
    words, on = day
    money = draw_money(draw)
    text = _join(draw, note, money)
    last = text[-1].isdecimal() or words[0].isdecimal()
    text = f"{words} {text}" if last or draw.often(0.6) else f"{text} {words}"
    return Drawn(text, _booked(entry(draw, money, note, on=on)))


def _draw_day(draw: Draw) -> tuple[str, date] | None:
    """Draw words for a day of the past weeks, with the day."""
    today = draw.chat.sent_at.date()
    dates = draw.language.data["dates"]
    way = draw.chance.choice(("word", "word", "weekday", "ago", "day", "month"))
    if way == "word":
        days = dates["mistyped" if draw.often(MISTYPED_SHARE) else "days"]
        word = draw.chance.choice(list(days))
        return word, today + timedelta(days=days[word])
    if way == "weekday":
        back = draw.chance.randint(1, 6)
        on = today - timedelta(days=back)
        names = dates["weekdays"][on.weekday()].split(", ")
        return draw.chance.choice(names), on
    if way == "ago" and "ago" in dates:
        back = draw.chance.choice((3, 4, 6))
        return dates["ago"].replace("{n}", str(back)), today - timedelta(days=back)
    return _draw_month_day(draw, today, only_day=way == "day")


def _draw_month_day(draw: Draw, today: date, *, only_day: bool) -> tuple[str, date] | None:
    """Draw `on the 4th` or `4 march`."""
    dates = draw.language.data["dates"]
    frame = draw.chance.choice(dates["day_of_month" if only_day else "month_day"].split(", "))
    on = today - timedelta(days=draw.chance.randint(2, 25))
    if only_day and not 3 < on.day < 21:
        return None
    month = dates["months"][on.month - 1]
    return frame.replace("{d}", str(on.day)).replace("{month}", month), on


def draw_cents(draw: Draw) -> Drawn | None:
    """`3 euros 50`, `3 e 50`: cents as spoken."""
    frame, note = draw.word("cents"), draw.word("notes")
    if frame is None or note is None or minor_digits(draw.chat.currency) != 2:
        return None
    whole, cents = draw.chance.randint(1, 40), draw.chance.randint(4, 19) * 5
    money = Money("", Decimal(whole) + Decimal(cents) / 100, draw.chat.currency)
    signs = draw.language.data["currencies"][money.currency].get("behind", "").split(", ")
    unit = next((sign for sign in signs if len(sign) > 2 and sign.isalpha()), signs[0])
    text = fill(draw, frame, a=str(whole), b=f"{cents:02}", c=unit)
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    return Drawn(f"{note} {text}", _booked(entry(draw, money, note)), also)


def draw_pieces(draw: Draw) -> Drawn | None:
    """`3 beers at 4.50`, `3x2.40 water`: a count times a price."""
    frame, thing = draw.frame("pieces"), draw.word("things")
    if frame is None or thing is None:
        return None
    count = draw.chance.randint(2, 6)
    piece = draw_money(draw)
    total = Money("", piece.value * count, piece.currency)
    text = fill(draw, frame, n=str(count), thing=thing, a=piece.text)
    also = (ASK,) if not piece.is_clear else ()
    if draw.chat.is_group and not piece.given:
        also = (*also, silence(draw))
    return Drawn(text, _booked(entry(draw, total, None)), also)


def draw_tip(draw: Draw) -> Drawn | None:
    """`lunch 40 + 10%`, `shoes 80 -20%`: a share added to the amount or taken off."""
    note = draw.word("notes")
    if note is None:
        return None
    money = draw_money(draw, whole=True)
    share, sign = draw.chance.choice((5, 10, 15, 20)), draw.chance.choice("+-")
    value = money.value * (100 + (share if sign == "+" else -share)) / 100
    text = f"{note} {money.text} {sign} {share}%"
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    return Drawn(text, _booked(entry(draw, Money("", value, money.currency), None)), also)


def draw_bare(draw: Draw) -> Drawn | None:
    """`100`: an entry without a note in a private chat, nothing in a group."""
    money = draw_money(draw)
    if draw.chat.is_group:
        return Drawn(money.text, silence(draw))
    return Drawn(money.text, _booked(entry(draw, money, None)))


def draw_small(draw: Draw) -> Drawn | None:
    """`bakso 15` in rupiah: less than the smallest coin asks for thousands."""
    note = draw.word("notes")
    coin = open_language(COMMON).data["coins"].get(draw.chat.currency)
    if coin is None or note is None:
        return None
    value = draw.chance.randint(3, min(99, coin - 1))
    meant = Money("", Decimal(value) * 1000, draw.chat.currency)
    also = (silence(draw),) if draw.chat.is_group else (_booked(entry(draw, meant, note)),)
    return Drawn(f"{note} {value}", ASK, also)


# --- sentences of paying and money that comes in


def draw_paid(draw: Draw) -> Drawn | None:
    """`paid 20€ for pizza`: a sentence whose verb is one of paying."""
    frame, note = draw.frame("paid"), draw.word("notes")
    if frame is None or note is None:
        return None
    money = draw_money(draw, marked=True if draw.chat.is_group else None)
    text = fill(draw, frame, m=money.text, note=note)
    return Drawn(text, _booked(entry(draw, money, None)))


def draw_income(draw: Draw) -> Drawn | None:
    """`salary 2100`, `refund 20 amazon`."""
    note = draw.word("income")
    if note is None:
        return None
    money = draw_money(draw, marked=True if draw.chat.is_group else None)
    text = f"{note} {money.text}" if draw.often(0.8) else f"{money.text} {note}"
    return Drawn(text, _booked(entry(draw, money, note, income=True)))


def draw_received(draw: Draw) -> Drawn | None:
    """`sold couch 200`, `mom gave me 50`: income, or the question whether it is."""
    frame = draw.frame("received")
    if frame is None:
        return None
    money = draw_money(draw, marked=True if draw.chat.is_group else None)
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    label = _booked(entry(draw, money, None, income=True))
    return Drawn(fill(draw, frame, a=money.text), label, also)


def draw_gave(draw: Draw) -> Drawn | None:
    """`lent Anna 50`, `withdrew 200`: money out, though it may not be spent."""
    frame = draw.frame("gave")
    if frame is None:
        return None
    money = draw_money(draw, marked=True if draw.chat.is_group else None)
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    return Drawn(fill(draw, frame, a=money.text), _booked(entry(draw, money, None)), also)


def draw_vague(draw: Draw) -> Drawn | None:
    """`last week laptop 900`: no day that is known, so the words stay in the note."""
    words, note = draw.language.data["dates"].get("vague", ""), draw.word("notes")
    if not words or note is None:
        return None
    when, money = draw.chance.choice(words.split(", ")), draw_money(draw)
    text, note = f"{when} {note} {money.text}", f"{when} {note}"
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    return Drawn(text, _booked(entry(draw, money, note)), also)


# --- several entries


def _pairs(draw: Draw, count: int, *, marked: bool | None = None) -> list[tuple[str, Money]]:
    notes = draw.language.words("notes")
    picked = draw.chance.sample(notes, min(count, len(notes)))
    return [(note, draw_money(draw, marked=marked)) for note in picked]


def draw_several(draw: Draw) -> Drawn | None:
    """`coffee 4.50, tea 3`, one a line, or joined by a word for and."""
    pairs = _pairs(draw, draw.chance.randint(2, 4))
    joint = draw.chance.choice((", ", ", ", "\n", "\n", "; ", " + ", " & ", ",", None))
    if joint is None:
        joint = f" {draw.word('and') or '+'} "
    text = joint.join(f"{note} {money.text}" for note, money in pairs)
    return Drawn(text, _booked(*(entry(draw, money, note) for note, money in pairs)))


def draw_unparted(draw: Draw) -> Drawn | None:
    """`coffee 4.50 taxi 12`, `35k coffee 20k bread`: several entries with nothing between them."""
    pairs = _pairs(draw, draw.chance.choice((2, 2, 3)))
    first = draw.often(0.25)
    parts = [f"{m.text} {note}" if first else f"{note} {m.text}" for note, m in pairs]
    also = (ASK, silence(draw)) if draw.chat.is_group else (ASK,)
    return Drawn(" ".join(parts), _booked(*(entry(draw, m, n) for n, m in pairs)), also)


def draw_list(draw: Draw) -> Drawn | None:
    """Items and their total: the total is no entry."""
    frame = draw.word("total")
    if frame is None:
        return None
    pairs = [(n, m) for n, m in _pairs(draw, draw.chance.randint(2, 4), marked=False)]
    whole = sum((money.value for _, money in pairs), Decimal(0))
    decimal = draw.language.data["decimal"]
    figure = f"{whole.normalize():f}".replace(".", decimal)
    joint = draw.chance.choice((", ", "\n", "\n"))
    text = joint.join([*(f"{n} {m.text}" for n, m in pairs), frame.replace("{a}", figure)])
    label = _booked(*(entry(draw, money, note) for note, money in pairs))
    sum_alone = _booked(entry(draw, Money("", whole, draw.chat.currency), None))
    return Drawn(text, label, (ASK, sum_alone))


def draw_heading(draw: Draw) -> Drawn | None:
    """A day on a line of its own holds for the entries below it."""
    day = _draw_day(draw)
    if day is None:
        return None
    words, on = day
    pairs = _pairs(draw, draw.chance.randint(2, 3))
    head = words + draw.chance.choice(("", ":"))
    text = "\n".join([head, *(f"{note} {money.text}" for note, money in pairs)])
    return Drawn(text, _booked(*(entry(draw, m, n, on=on) for n, m in pairs)))


def draw_diary(draw: Draw) -> Drawn | None:
    """`tuna - 10 - yesterday`, a line each with a day of its own."""
    lines, labels = [], []
    for note, money in _pairs(draw, draw.chance.randint(2, 3)):
        day = _draw_day(draw)
        if day is None:
            return None
        lines.append(
            draw.chance.choice(("{1} {0} {2}", "{0} - {2} - {1}")).format(note, day[0], money.text)
        )
        labels.append(entry(draw, money, note, on=day[1]))
    return Drawn("\n".join(lines), _booked(*labels))


def draw_foreign(draw: Draw) -> Drawn | None:
    """`hotel 80 usd`: another currency by its code."""
    note = draw.word("notes")
    currency = draw.chance.choice(("USD", "EUR", "GBP", "CHF"))
    if note is None or currency == draw.chat.currency:
        return None
    value = draw_value(draw, currency)
    text = f"{value.normalize():f}".replace(".", draw.language.data["decimal"])
    code = currency if draw.often(0.6) else currency.lower()
    text = draw.chance.choice((f"{text} {code}", f"{code} {text}"))
    money = Money(text, value, currency, given=True)
    return Drawn(f"{note} {money.text}", _booked(entry(draw, money, note)))


ENTRY_KINDS: dict[str, tuple[int, Kind]] = {
    "simple": (150, draw_simple),
    "added": (15, draw_added),
    "glued": (30, draw_glued),
    "counted": (55, draw_counted),
    "numbered": (45, draw_numbered),
    "dated": (90, draw_dated),
    "cents": (15, draw_cents),
    "pieces": (30, draw_pieces),
    "tip": (8, draw_tip),
    "bare": (15, draw_bare),
    "small": (20, draw_small),
    "paid": (50, draw_paid),
    "income": (35, draw_income),
    "received": (30, draw_received),
    "gave": (15, draw_gave),
    "vague": (15, draw_vague),
    "several": (70, draw_several),
    "unparted": (40, draw_unparted),
    "list": (25, draw_list),
    "heading": (20, draw_heading),
    "diary": (15, draw_diary),
    "foreign": (20, draw_foreign),
}

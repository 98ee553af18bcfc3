"""Messages that are no entry: chatter, talk about prices, corrections, commands, bare notes."""

from __future__ import annotations

from collections.abc import Callable

from bench.training.messages.languages import ASK, Draw, Drawn, fill, silence
from bench.training.messages.writing import draw_money, draw_note

Kind = Callable[[Draw], Drawn | None]


def _said(draw: Draw, key: str, *, asks: bool = False) -> Drawn | None:
    """Fill a sentence of a key with figures: {a} has no currency, {m} has one."""
    frame = draw.frame(key)
    if frame is None:
        return None
    plain, other = (draw_money(draw, marked=False).text for _ in range(2))
    marked = draw_money(draw, marked=True).text
    text = fill(draw, frame, a=plain, b=other, m=marked)
    return Drawn(text, silence(draw), (ASK,) if asks else ())


def draw_chatter(draw: Draw) -> Drawn | None:
    """Appointments, scores, counts of people, rooms, routes, codes, phones: in groups."""
    return _said(draw, "chatter") if draw.chat.is_group else None


def draw_measure(draw: Draw) -> Drawn | None:
    """Fever, weight, steps, temperatures, rates: in groups."""
    return _said(draw, "measures") if draw.chat.is_group else None


def draw_price_talk(draw: Draw) -> Drawn | None:
    """`tickets are like 80€ each`: money that nobody has paid, in groups."""
    return _said(draw, "price_talk") if draw.chat.is_group else None


def draw_debt(draw: Draw) -> Drawn | None:
    """`I owe Mia 50€`, `didn't pay the 50`: nothing was paid."""
    return _said(draw, "debts", asks=True)


def draw_hedge(draw: Draw) -> Drawn | None:
    """`maybe 50`, `ok 10`: in groups."""
    return _said(draw, "hedges") if draw.chat.is_group else None


def draw_part(draw: Draw) -> Drawn | None:
    """`part 2`, `team 2`, `gpt 5`: a name with its number, in groups."""
    name = draw.word("names")
    if name is None or not draw.chat.is_group:
        return None
    return Drawn(f"{name} {draw.chance.randint(1, 42)}", silence(draw))


def draw_question(draw: Draw) -> Drawn | None:
    """Questions, about money and about nothing of it."""
    return _said(draw, "questions")


def draw_correction(draw: Draw) -> Drawn | None:
    """`no, 5.50`, `28 instead of 30`: without a past it changes nothing."""
    return _said(draw, "corrections", asks=True) if not draw.chat.is_group else None


def draw_command(draw: Draw) -> Drawn | None:
    """`summary`, `set budget food 400`, `delete that`."""
    return _said(draw, "commands", asks=True) if not draw.chat.is_group else None


def draw_greeting(draw: Draw) -> Drawn | None:
    """Greetings, thanks, and other talk without a number."""
    return _said(draw, "greetings")


def draw_amountless(draw: Draw) -> Drawn | None:
    """A note without an amount."""
    note = draw_note(draw)
    return Drawn(note, silence(draw), (ASK,)) if note else None


REFUSAL_KINDS: dict[str, tuple[int, Kind]] = {
    "chatter": (140, draw_chatter),
    "measure": (60, draw_measure),
    "price_talk": (50, draw_price_talk),
    "debt": (25, draw_debt),
    "hedge": (30, draw_hedge),
    "part": (40, draw_part),
    "question": (50, draw_question),
    "correction": (40, draw_correction),
    "command": (40, draw_command),
    "greeting": (15, draw_greeting),
    "amountless": (20, draw_amountless),
}

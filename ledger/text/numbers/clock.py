"""Claim clock times (`7:30`, `at 7`, `20h30`, `um 8`, `7点`), and scores, which look like them."""

from __future__ import annotations

from ledger.text.lines.line import NUMBER, SPACELESS_WORD, NonAmount, TextLine
from ledger.text.numbers.currency_matches import currency_at, is_money

HOURS = 24
MINUTES = 60
PRICED_WORDS_MAX = 4
COUNT_DIGITS = 3
ORE_DIGITS = 2
_COLON_DECIMALS = ("sv",)


def read_colon_time(line: TextLine, at: int) -> NonAmount | None:
    """Read `7:30`, `7:30:15`, `7:30pm`; other pairs with a colon are scores."""
    if not (line.is_sign(at + 1, ":") and line.touches(at + 1) and line.touches(at + 2)):
        return None
    if line.tokens[at + 2].kind != NUMBER:
        return None
    end = at + 3
    while line.is_sign(end, ":") and line.touches(end) and line.is_number(end + 1):
        end += 2
    if is_colon_decimal(line, at):
        return None
    if not (_is_hour(line.key(at)) and _is_minutes(line.key(at + 2))):
        return NonAmount(at, end, "score")
    after = line.role(end, "time_after")
    return NonAmount(at, end + (after.length if after else 0), "time")


def is_colon_decimal(line: TextLine, at: int) -> bool:
    """Return whether a colon is the decimal point, as in Swedish prices, unless it is a time: 412:50."""
    if line.context.conventions.language not in _COLON_DECIMALS:
        return False
    colon = line.is_sign(at + 1, ":") and line.touches(at + 1) and line.touches(at + 2)
    cents = line.key(at + 2)
    two = len(cents) == ORE_DIGITS and cents.isdecimal() and not line.is_sign(at + 3, ":")
    if not (colon and two and line.key(at).isdecimal()):
        return False
    return int(line.key(at)) > HOURS or int(line.key(at + 2)) >= MINUTES


def read_hour(line: TextLine, at: int) -> NonAmount | None:
    """Read `at 7`, `7pm`, `20h30`, `um 19.30`, `7点`, `7 बजे`, and `24/7`."""
    hour, _, minutes = line.key(at).replace(",", ".").partition(".")
    if not _is_hour(hour) or (minutes and not _is_minutes(minutes)):
        return None
    if hour == "24" and line.is_sign(at + 1, "/") and line.key(at + 2) == "7":
        return NonAmount(at, at + 3, "time")
    comma = "," in line.key(at)
    return (None if comma else _before_word(line, at)) or _behind_word(
        line, at, with_minutes=bool(minutes)
    )


def read_clocked(line: TextLine, at: int) -> NonAmount | None:
    """Read `alarm 6 30`, `Wecker 7`, `gym 10.30 tomorrow`: an hour behind a word that has one."""
    hour, _, minutes = line.key(at).replace(",", ".").partition(".")
    if not _is_hour(hour) or (minutes and not _is_minutes(minutes)) or is_money(line, at):
        return None
    planned = bool(minutes) and any(d.on and d.on > line.context.today for d in line.days)
    if not planned and not any(_is_clocked(line, i) for i in range(at)):
        return None
    after = at + 1
    if not minutes and line.is_number(after) and _is_minutes(line.key(after)):
        return None if is_money(line, after) else NonAmount(at, after + 1, "time")
    # An alarm clock has a price too, so a person is asked.
    followed = line.is_word(after) and line.owners[after] != "day"
    return None if followed else NonAmount(at, after, "time", soft=True)


def _is_clocked(line: TextLine, at: int) -> bool:
    meaning = line.role(at, "clocked")
    return meaning is not None and line.is_spoken(meaning, at)


def _is_hour(text: str) -> bool:
    return text.isdecimal() and len(text) <= 2 and int(text) <= HOURS


def _is_minutes(text: str) -> bool:
    return len(text) == 2 and text.isdecimal() and int(text) < MINUTES


def _before_word(line: TextLine, at: int) -> NonAmount | None:
    """Read `7pm`, `8 Uhr`, `20h30`."""
    after = line.role(at + 1, "time_after")
    if after is None or line.owners[at + 1] or currency_at(line, at + 1, before=False):
        return None
    if line.tokens[at + 1].kind == SPACELESS_WORD and not line.touches(at + 1):
        return None
    end = at + 1 + after.length
    minutes = line.touches(end) and line.is_number(end) and _is_minutes(line.key(end))
    return NonAmount(at, end + minutes, "time")


def _behind_word(line: TextLine, at: int, *, with_minutes: bool) -> NonAmount | None:
    """Read `at 7`, `um 8`. Words with other meanings need a hint that no price is meant."""
    if line.fluent_before(at, "time_before", "time_sure") is None or is_money(line, at):
        return None
    sure = line.fluent_before(at, "time_sure") is not None
    if with_minutes:
        return NonAmount(at, at + 1, "time") if sure and "." in line.key(at) else None
    if not sure and (is_unit_price(line, at) or _counts_something(line, at + 1)):
        return None
    return NonAmount(at, at + 1, "time")


def _counts_something(line: TextLine, at: int) -> bool:
    """Return whether an ordinary word follows: `as 2 pizzas` is not an hour."""
    return line.is_word(at) and not line.owners[at] and not line.meanings[at]


def is_unit_price(line: TextLine, at: int) -> bool:
    """Return whether the words before this number read `2 beers at`: a count at the entry's start."""
    word = line.fluent_before(at, "price_word")
    if word is None:
        return False
    start = end = at - word.length
    while start and line.is_word(start - 1) and end - start < PRICED_WORDS_MAX:
        start -= 1
    count = start - 1
    if count < 0 or line.tokens[count].kind != NUMBER or line.owners[count] == "day":
        return False
    if not line.key(count).isdecimal() or len(line.key(count)) > COUNT_DIGITS:
        return False
    first_token, last_token = _segment(line, at)
    numbers = sum(token.kind == NUMBER for token in line.tokens[first_token:last_token])
    alone = numbers == 2
    first = (
        count == first_token or line.is_sign(count - 1, ",;&+") or line.owners[count - 1] == "day"
    )
    led = line.role_before(count, "connecting", "with") is not None
    return alone and (first or (start == end and not led))  # dinner for 2 at 7


def _segment(line: TextLine, at: int) -> tuple[int, int]:
    """Return the stretch around a token that no sign or word for `and` parts."""
    start, end = at, at + 1
    while start and not _parts(line, start - 1):
        start -= 1
    while end < len(line.tokens) and not _parts(line, end):
        end += 1
    return start, end


def _parts(line: TextLine, at: int) -> bool:
    return line.is_sign(at, ",;&+") or line.role(at, "and") is not None

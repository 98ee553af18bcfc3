"""Things: numbers that are plainly no amount - times, units, rooms, phones, versions.

They stay in the note. The order of the readers is the order of how sure each is.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.text.currencies import is_small
from ledger.text.currency_tokens import currency_at
from ledger.text.line import (
    CURRENCY,
    LINK,
    NUMBER,
    SIGN,
    SPACELESS_WORD,
    WORD,
    Line,
    Thing,
)
from ledger.text.vocabulary import Meaning

RUN_DIGITS = 7
"""Digits in a row, without separator or currency, that are no amount of an ordinary currency."""
PHONE_DIGITS = 9
NAMED_MAX = 1000
"""Flats, tables and houses have lower numbers; `flat 1500` is a rent."""
PHONE_GROUPS_MAX = 8


def read_things(line: Line) -> None:
    """Claim every number that is plainly something else, with what makes it so."""
    at = 0
    while at < len(line.tokens):
        if line.tokens[at].kind == NUMBER and not line.owners[at]:
            found = _first(line, at)
            if found:
                line.things.append(found)
                if not found.soft:
                    line.claim(found.start, found.end, "thing")
                at = max(at + 1, found.end)
                continue
        at += 1


def _first(line: Line, at: int) -> Thing | None:
    for reader in _READERS:
        if found := reader(line, at):
            return found
    return None


def _alphabetic(line: Line, at: int) -> bool:
    """Say whether this is a word of a script that parts its words by spaces (not Hangul)."""
    if not 0 <= at < len(line.tokens) or line.tokens[at].kind != WORD:
        return False
    return not "가" <= line.key(at)[:1] <= "힣"


def _hashed(line: Line, at: int) -> Thing | None:
    if line.touches(at) and line.is_sign(at - 1, "#№"):
        return Thing(at - 1, at + 1, "naming")
    return None


def _time(line: Line, at: int) -> Thing | None:
    """`7:30`, `7:30:15`, `7:30pm`; other pairs with a colon are scores."""
    if not (line.is_sign(at + 1, ":") and line.touches(at + 1) and line.touches(at + 2)):
        return None
    if line.tokens[at + 2].kind != NUMBER:
        return None
    end = at + 3
    while line.is_sign(end, ":") and line.touches(end) and line.is_number(end + 1):
        end += 2
    hours, minutes = line.key(at), line.key(at + 2)
    if hours.isdecimal() and len(minutes) == 2 and minutes.isdecimal() and int(minutes) < 60:
        if len(hours) <= 2 and int(hours) <= 24:
            if after := line.role(end, "time_after"):
                end += after.length
            return Thing(at, end, "time")
    return Thing(at, end, "score")


def _version(line: Line, at: int) -> Thing | None:
    """`18.2.1`, `8.3.24.1368`, `v16.2`: more points than a grouped number can have."""
    key = line.key(at)
    if line.touches(at) and line.key(at - 1) == "v":
        return Thing(at - 1, at + 1, "version")
    if key.count(".") >= 2 and "," not in key:
        first, *groups = key.split(".")
        grouped = len(first) <= 3 and all(len(group) == 3 for group in groups)
        return None if grouped else Thing(at, at + 1, "version")
    before = line.fluent_before(at, "version")
    if before and key.count(".") <= 1 and "," not in key and not _is_money(line, at):
        return Thing(at, at + 1, "version", soft="." in key and len(key.split(".")[1]) > 1)
    return None


def _percent(line: Line, at: int) -> Thing | None:
    if line.is_sign(at + 1, "%٪‰°") or line.role(at + 1, "percent"):
        return Thing(at, at + 2, "percent")
    if line.is_sign(at - 1, "%") and line.touches(at):
        return Thing(at - 1, at + 1, "percent")
    return None


def _phone(line: Line, at: int) -> Thing | None:
    """`+44 20 7946 0958`, `0151 23456789`, `555-0142-77`, `(555) 123-4567`."""
    if line.is_number(at - 1) or (line.touches(at) and line.is_number(at - 2)):
        return None
    groups, end, hyphens = [line.key(at)], at + 1, 0
    area = line.is_sign(at - 1, "(") and line.is_sign(end, ")") and line.is_number(end + 1)
    if area:
        groups.append(line.key(end + 1))
        end += 2
    while end < len(line.tokens) and len(groups) < PHONE_GROUPS_MAX:
        if line.is_number(end) and line.tokens[end].space:
            step = 1
        elif line.is_sign(end, "-") and line.touches(end) and line.touches(end + 1):
            step = 2
        else:
            break
        if step == 2 and not (end + 1 < len(line.tokens) and line.is_number(end + 1)):
            break
        hyphens += step == 2
        groups.append(line.key(end + step - 1))
        end += step
    if not all(group.isdecimal() for group in groups):
        return None
    plus = line.is_sign(at - 1, "+") and line.touches(at)
    digits = sum(map(len, groups))
    if plus and digits >= 10 and (len(groups) > 1 or digits >= 11):
        return Thing(at - 1, end, "phone")
    if len(groups) == 1 or digits > 15:
        return None
    later_zero = any(g[0] == "0" and len(g) > 1 and g.strip("0") for g in groups[1:])
    named = (
        len(groups) > 2 and digits >= PHONE_DIGITS and line.fluent_before(at, "naming") is not None
    )
    trunk = groups[0][0] == "0" and len(groups[0]) >= 2 and digits >= PHONE_DIGITS
    dashed = hyphens == len(groups) - 1 and (
        digits >= PHONE_DIGITS
        or (digits == 7 and len(groups[0]) == 3)
        or (hyphens > 1 and later_zero)
    )
    long_groups = (
        digits >= PHONE_DIGITS and not _groups_of_three(groups) and min(map(len, groups)) > 1
    )
    sure = (
        named
        or trunk
        or (area and digits >= PHONE_DIGITS)
        or dashed
        or (long_groups and len(groups) > 2)
    )
    return Thing(at - area, end, "phone") if sure else None


def _groups_of_three(groups: list[str]) -> bool:
    return len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _ordinal(line: Line, at: int) -> Thing | None:
    """`2nd`, `3º`, `5-й`, and `2.` where a full stop makes an ordinal."""
    key = line.key(at)
    if not key.isdecimal() or (line.touches(at) and _alphabetic(line, at - 1)):
        return None
    if line.touches(at + 1):
        if line.role(at + 1, "ordinals") and not currency_at(line, at + 1, before=False):
            return Thing(at, at + 2, "ordinal")
        if line.is_sign(at + 1, "º°ª"):
            return Thing(at, at + 2, "ordinal")
        dotted = line.is_sign(at + 1, ".") and line.is_word(at + 2) and line.tokens[at + 2].space
        if dotted and line.scene.customs.ordinal_dot and len(key) <= 2:
            return Thing(at, at + 2, "ordinal", soft=True)
    return None


def _glued(line: Line, at: int) -> Thing | None:
    """`iPhone15`, `A4`, `7-eleven`, `COVID-19`, `5.50Coffee`, `7'de`."""
    if line.touches(at):
        before = at - 1
        if _alphabetic(line, before) and not currency_at(line, before, before=True):
            product = (
                line.key(before) in TIMES_LETTERS
                and before
                and line.tokens[before - 1].kind == NUMBER
            )
            prefix = line.key(before) in ("و", "ب", "ل")
            if not product and not prefix:
                return Thing(before, at + 1, "glued")
        if line.is_sign(before, "'-_") and line.touches(before) and _alphabetic(line, before - 1):
            return Thing(before - 1, at + 1, "glued")
        if line.is_sign(before, "'") and len(line.key(at)) == 2 and line.tokens[before].space:
            return Thing(before, at + 1, "year")
    after = at + 1
    if not line.touches(after):
        return None
    if _alphabetic(line, after):
        return None if _belongs(line, after) else Thing(at, after + 1, "glued")
    if line.is_sign(after, "'-_") and line.touches(after + 1) and _alphabetic(line, after + 1):
        return Thing(at, after + 2, "glued")
    return None


TIMES_LETTERS = frozenset("xх×")


def _belongs(line: Line, at: int) -> bool:
    """Say whether letters that touch a number from behind are part of the amount."""
    if currency_at(line, at, before=False) or line.role(at, "times", "letter_million"):
        return True
    return line.key(at) in TIMES_LETTERS and line.is_number(at + 1)


def _unit(line: Line, at: int) -> Thing | None:
    """`2kg`, `500 ml`, `95 octane`, `1/2 l`, `5 days`."""
    after = at + 1
    meaning = line.role(after, "units")
    if meaning is None or line.owners[after] or _is_currency_first(line, after):
        return None
    letter = len(line.key(after)) == 1 and line.tokens[after].space
    if letter and meaning.language == "" and _is_no_unit(line, at):
        return None
    start = at
    while line.is_sign(start - 1, "/-*") and line.touches(start) and line.touches(start - 1):
        if not line.is_number(start - 2):
            break
        start -= 2
    return Thing(start, after + meaning.length, "quantity")


def _is_no_unit(line: Line, at: int) -> bool:
    """Say whether a letter behind a number is no unit: `1.2 m` may be a million, Polish `w` is in."""
    after = at + 1
    whole = line.key(at).replace(",", "").replace(".", "").isdecimal()
    other = line.role(after, "with", "connecting", "and", "time_before", "plain")
    return line.key(after) in "mм" or not whole or other is not None


def _is_currency_first(line: Line, at: int) -> bool:
    """Say whether the chat reads this word as its own currency rather than as a unit."""
    coin = currency_at(line, at, before=False)
    return coin is not None and coin.code == line.scene.context.currency


def _clock(line: Line, at: int) -> Thing | None:
    """`at 7`, `7pm`, `20h30`, `um 8`, `7点`, `7 बजे`."""
    key = line.key(at)
    hour, _, rest = key.replace(",", ".").partition(".")
    if not hour.isdecimal() or len(hour) > 2 or int(hour) > 24 or (rest and not _is_minutes(rest)):
        return None
    after = line.role(at + 1, "time_after")
    if after and not line.owners[at + 1] and not currency_at(line, at + 1, before=False):
        end = at + 1 + after.length
        glued = line.touches(end) and line.is_number(end) and _is_minutes(line.key(end))
        if line.tokens[at + 1].kind != SPACELESS_WORD or line.touches(at + 1):
            return Thing(at, end + glued, "time")
    before = line.fluent_before(at, "time_before", "time_sure")
    if before is None or _is_money(line, at) or line.tokens[at].kind != NUMBER:
        return None
    sure = line.fluent_before(at, "time_sure")
    if rest:
        return Thing(at, at + 1, "time") if sure and "." in key else None
    if not sure and is_unit_price(line, at):
        return None
    return Thing(at, at + 1, "time")


def _is_minutes(text: str) -> bool:
    return len(text) == 2 and text.isdecimal() and int(text) < 60


def _is_money(line: Line, at: int) -> bool:
    """Say whether a currency or a multiplier stands beside this number."""
    after = at + 1
    if currency_at(line, after, before=False) or line.role(after, "times"):
        return True
    return currency_at(line, at - 1, before=True) is not None


def is_unit_price(line: Line, at: int) -> bool:
    """Say whether the words before this number read `2 beers at`: a count at the entry's start."""
    word = line.fluent_before(at, "price_word")
    if word is None:
        return False
    end = at - word.length
    start = end
    while start and line.is_word(start - 1) and end - start < 4:
        start -= 1
    count = start - 1
    counted = 0 <= count and line.tokens[count].kind == NUMBER and line.key(count).isdecimal()
    if not counted or line.owners[count] == "day" or len(line.key(count)) > 3:
        return False
    first = count == 0 or line.is_sign(count - 1, ",;&+") or line.owners[count - 1] == "day"
    others = sum(t.kind == NUMBER for t in line.tokens) > 2
    return (first and not (others and start < end)) or start == end and not others


def _named(line: Line, at: int) -> Thing | None:
    """`room 204`, `gate 22`, `3号线`: a whole number behind (or before) a naming word."""
    key = line.key(at)
    if not key.isdecimal() or _is_money(line, at):
        return None
    after = line.role(at + 1, "naming_after")
    if after and line.touches(at + 1):
        return Thing(at, at + 1 + after.length, "naming")
    start = at
    while line.is_sign(start - 1, ".:#№"):
        start -= 1
    roles = ("naming", "naming_small") if int(key) < NAMED_MAX else ("naming",)
    before = line.fluent_before(start, *roles)
    if before is None:
        return None
    if line.is_sign(start, ":") and before.language != "":
        return None  # `table: 120` is a price list
    return Thing(start - before.length, at + 1, "naming")


def _address(line: Line, at: int) -> Thing | None:
    """`1600 Pennsylvania Avenue`, `12 rue de la Paix`, `Hauptstraße 12`, `ул. Ленина 5`."""
    key = line.key(at)
    if not key.isdecimal() or len(key) > 5 or _is_money(line, at):
        return None
    for ahead in range(1, 5):
        if not line.is_word(at + ahead):
            break
        street = line.role(at + ahead, "street_after")
        if (
            street
            and (ahead > 1 or street.language == "fr")
            and _is_fluent(line, street, at + ahead)
        ):
            return Thing(at, at + ahead + 1, "address")
    for back in range(1, 5):
        if line.is_sign(at - back, ".,") and back > 1:
            continue
        if not line.is_word(at - back):
            break
        street = line.role(at - back, "street_before")
        if street and back > 1 and _is_fluent(line, street, at - back):
            return Thing(at - back, at + 1, "address")
        word = line.key(at - back)
        suffixes = line.scene.vocabulary.tables.street_suffixes
        if back == 1 and word.endswith(suffixes) and word not in suffixes:
            return Thing(at - 1, at + 1, "address")
    return None


def _is_fluent(line: Line, street: Meaning, at: int) -> bool:
    """Say whether a street's word is the chat's own, or too long to be anything else."""
    return street.language == line.scene.vocabulary.language or len(line.key(at)) > 4


def _run(line: Line, at: int) -> Thing | None:
    """Seven digits and more in a row, unless the currency is so small or stands beside them."""
    key = line.key(at)
    if not key.isdecimal() or len(key) < RUN_DIGITS or _is_money(line, at):
        return None
    return None if is_small(line.scene.context.currency) else Thing(at, at + 1, "run")


def _open_all_hours(line: Line, at: int) -> Thing | None:
    if line.key(at) == "24" and line.is_sign(at + 1, "/") and line.key(at + 2) == "7":
        return Thing(at, at + 3, "time")
    return None


def _soft_year(line: Line, at: int) -> Thing | None:
    """`in 2077`: a year where another number is the amount."""
    key = line.key(at)
    if len(key) == 4 and key.isdecimal() and key[:2] in ("19", "20") and not _is_money(line, at):
        if line.fluent_before(at, "year_before"):
            return Thing(at, at + 1, "year", soft=True)
    return None


def _soft_count(line: Line, at: int) -> Thing | None:
    """`2 more`, `12 people`: a quantity where no other number is the amount."""
    if not line.key(at).isdecimal() or _is_money(line, at):
        return None
    if counted := line.role(at + 1, "counts"):
        return Thing(at, at + 1 + counted.length, "quantity", soft=True)
    if len(line.key(at)) <= 2 and line.role_before(at, "more"):
        return Thing(at, at + 1, "quantity", soft=True)
    return None


def _link(line: Line, at: int) -> Thing | None:
    """A number that touches a link is part of it."""
    if line.touches(at) and line.tokens[at - 1].kind == LINK:
        return Thing(at, at + 1, "link")
    return None


_READERS: tuple[Callable[[Line, int], Thing | None], ...] = (
    _link,
    _hashed,
    _open_all_hours,
    _time,
    _percent,
    _phone,
    _version,
    _clock,
    _unit,
    _ordinal,
    _glued,
    _named,
    _address,
    _run,
    _soft_year,
    _soft_count,
)

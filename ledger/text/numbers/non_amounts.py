"""Claim numbers that are plainly not amounts, such as times, rooms, phones or versions.

They stay in the note. The order of the readers is the order of how sure each is.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.text.lines.line import CURRENCY, LINK, NUMBER, WORD, NonAmount, TextLine
from ledger.text.numbers.clock import read_clocked, read_colon_time, read_hour
from ledger.text.numbers.currency_matches import currency_at, is_money
from ledger.text.numbers.phones import read_account, read_phone, read_run
from ledger.text.numbers.places import read_address, read_named

MODEL_DIGITS = 2
"""Digits of a version or a model's number; longer ones are prices more often."""
BOUGHT_MAX = 12
"""Things that people buy of one kind; a larger number is a price more often: bought 45 shoes."""
SPLIT_WORDS_MAX = 3
"""Words between the word for splitting and the bill: split the bill of 96 between 4."""
RANKED_DIGITS = 3
LITERAL_DIGITS = 9
TIMES_LETTERS = frozenset("xх×")
"""Letters that multiply between two numbers."""
_PREFIXES = frozenset("وبلובלמ")
"""Arabic and Hebrew words of one letter that are written on what follows: and, by, for, from."""


def read_non_amounts(line: TextLine) -> None:
    """Claim every number that is plainly something else, with what makes it so."""
    at = 0
    while at < len(line.tokens):
        found = None
        if line.tokens[at].kind == NUMBER and not line.owners[at]:
            found = next((non_amount for read in _READERS if (non_amount := read(line, at))), None)
        if found is None:
            at += 1
            continue
        line.non_amounts.append(found)
        if not found.soft:
            line.claim(found.start, found.end, "non_amount")
        # A reader may claim tokens in front only, so the position must still move.
        at = max(at + 1, found.end)


def _link(line: TextLine, at: int) -> NonAmount | None:
    """Take a number that touches a link as part of it."""
    if line.touches(at) and line.tokens[at - 1].kind == LINK:
        return NonAmount(at, at + 1, "link")
    return None


def _masked(line: TextLine, at: int) -> NonAmount | None:
    """`**** 1234`: the last digits of a card."""
    masked = line.is_sign(at - 1, "*") and line.is_sign(at - 2, "*")
    return NonAmount(at - 2, at + 1, "naming") if masked else None


def _zone(line: TextLine, at: int) -> NonAmount | None:
    """`GMT+3`: a time zone."""
    named = line.is_sign(at - 1, "+-") and line.touches(at) and line.role(at - 2, "zone")
    return NonAmount(at - 2, at + 1, "time") if named else None


def _hashed(line: TextLine, at: int) -> NonAmount | None:
    """`#12345`, `№ 5`."""
    if line.touches(at) and line.is_sign(at - 1, "#№"):
        return NonAmount(at - 1, at + 1, "naming")
    return None


def _percent(line: TextLine, at: int) -> NonAmount | None:
    """`15%`, `%20`, `15 Prozent`."""
    if line.is_sign(at + 1, "%٪‰°") or line.role(at + 1, "percent"):
        return NonAmount(at, at + 2, "percent")
    if line.is_sign(at - 1, "%") and line.touches(at):
        return NonAmount(at - 1, at + 1, "percent")
    return None


def _version(line: TextLine, at: int) -> NonAmount | None:
    """`18.2.1`, `8.3.24.1368`, `v16.2`: more points than a grouped number can have."""
    key = line.key(at)
    if line.touches(at) and line.key(at - 1) == "v":
        return NonAmount(at - 1, at + 1, "version")
    if "," in key:
        return None
    whole, *parts = key.split(".")
    if len(parts) > 1:
        # `1.250.000` has the shape of a version, but is a grouped number.
        grouped = len(whole) <= 3 and all(len(part) == 3 for part in parts)
        return None if grouped else NonAmount(at, at + 1, "version")
    if line.fluent_before(at, "version") is None or is_money(line, at) or len(whole) > MODEL_DIGITS:
        return None
    return NonAmount(at, at + 1, "version", soft=True)


def _ranked(line: TextLine, at: int) -> NonAmount | None:
    """`top 10 films`: how long a list is."""
    key = line.key(at)
    counts = key.isdecimal() and len(key) <= RANKED_DIGITS and line.is_word(at + 1)
    ranked = counts and line.role_before(at, "ranking") and not is_money(line, at)
    return NonAmount(at, at + 1, "naming", soft=True) if ranked else None


def _unit(line: TextLine, at: int) -> NonAmount | None:
    """`2kg`, `500 ml`, `95 octane`, `1/2 l`, `5 days`."""
    after = at + 1
    unit = line.role(after, "units")
    if unit is None or line.owners[after] or line.role(after, "income"):
        return None
    if line.role(after, "each") and not line.key(at).isdecimal():
        return None  # 1,30 pièce is a price, 3 pièces are rooms
    currency_match = currency_at(line, after, before=False)
    # The chat's own currency wins over a unit of the same spelling.
    if currency_match and currency_match.code == line.context.chat.currency:
        return None
    letter = len(line.key(after)) == 1 and line.tokens[after].space
    if letter and not unit.language and _is_no_unit(line, at):
        return None
    start = at
    while line.is_sign(start - 1, "/-*") and line.touches(start) and line.touches(start - 1):
        if not line.is_number(start - 2):
            break
        start -= 2
    return NonAmount(start, after + unit.length, "quantity")


def _is_no_unit(line: TextLine, at: int) -> bool:
    """Return whether a letter behind a number is none: `1.2 m` may be a million, Polish `w` is in."""
    after = at + 1
    key = line.key(at)
    whole = key.replace(",", "").replace(".", "").isdecimal()
    other = line.role(after, "with", "connecting", "and", "time_before", "plain")
    return line.key(after) in "mм" or not whole or other is not None


def _times_count(line: TextLine, at: int) -> NonAmount | None:
    """`coffee ×2 7`, `coffee x2 7`: a multiplication sign behind a word counts it."""
    sign = at - 1
    times = line.is_sign(sign, "*") or (line.is_word(sign) and line.key(sign) in TIMES_LETTERS)
    if not times or not line.touches(at) or not line.key(at).isdecimal():
        return None
    return NonAmount(sign, at + 1, "quantity") if line.is_word(sign - 1) else None


def _instalment(line: TextLine, at: int) -> NonAmount | None:
    """`Rate 2/6`, `installment 1/3`: the number of a payment in parts."""
    slashed = line.is_sign(at + 1, "/") and line.is_number(at + 2)
    if not slashed or not line.role_before(at, "instalment"):
        return None
    return NonAmount(at, at + 3, "naming")


def _split(line: TextLine, at: int) -> NonAmount | None:
    """`split by 4`: the number of people who share."""
    key = line.key(at)
    if not key.isdecimal() or len(key) > MODEL_DIGITS or is_money(line, at):
        return None
    if _is_shared(line, at):
        return NonAmount(at, at + 1, "quantity")
    sharers = line.role(at + 1, "between", "connecting", "with", "price_word")
    is_bill = sharers is not None and line.is_number(at + 1 + sharers.length)
    led = None if is_bill else line.fluent_before(at, "split")
    return NonAmount(at, at + 1, "quantity", soft=True) if led else None


def _is_shared(line: TextLine, at: int) -> bool:
    """Return whether a bill is split into so many: `split 96 between 4`, `teilen 96 durch 4`."""
    led = line.role_before(at, "between", "connecting", "with", "price_word")
    if led is None:
        return False
    bill = at - led.length - 1
    stretch = range(max(0, bill - SPLIT_WORDS_MAX), bill)
    return line.tokens[bill].kind == NUMBER and any(line.role(i, "split") for i in stretch)


def _ordinal(line: TextLine, at: int) -> NonAmount | None:
    """`2nd`, `3º`, `5-й`, and `2.` where a full stop makes an ordinal."""
    key, after = line.key(at), at + 1
    if not key.isdecimal() or not line.touches(after) or is_glued_before(line, at):
        return None
    if line.key(after) in TIMES_LETTERS and line.is_number(after + 1):
        return None  # 2х180
    suffix = line.role(after, "ordinals") and not currency_at(line, after, before=False)
    if suffix or line.is_sign(after, "º°ª"):
        return NonAmount(at, at + 2, "ordinal")
    dotted = line.is_sign(after, ".") and line.is_word(at + 2) and line.tokens[at + 2].space
    if dotted and line.context.conventions.ordinal_dot and len(key) <= 2:
        return NonAmount(at, at + 2, "ordinal", soft=True)
    return None


def _glued(line: TextLine, at: int) -> NonAmount | None:
    """`iPhone15`, `A4`, `7-eleven`, `COVID-19`, `5.50Coffee`, `7'de`."""
    if is_glued_before(line, at):
        return NonAmount(at, at + 1, "glued", soft=not _goes_on(line, at + 1))
    return _hyphened(line, at) or _glued_behind(line, at)


def _goes_on(line: TextLine, at: int) -> bool:
    """Return whether more than a currency touches a glued number: K8s, H2O, A4-paper."""
    if not line.touches(at):
        return False
    joined = line.is_sign(at, "'-_") and line.touches(at + 1)
    return joined or (_is_alphabetic(line, at) and not _belongs(line, at))


def _hyphened(line: TextLine, at: int) -> NonAmount | None:
    """`COVID-19`, and the year in `summer '26`."""
    before = at - 1
    if not line.touches(at) or not line.is_sign(before, "'-_"):
        return None
    if line.touches(before) and _is_alphabetic(line, before - 1):
        return NonAmount(at, at + 1, "glued", soft=not _goes_on(line, at + 1))
    short = line.is_sign(before, "'") and len(line.key(at)) == 2 and line.tokens[before].space
    return NonAmount(before, at + 1, "year") if short else None


def _glued_behind(line: TextLine, at: int) -> NonAmount | None:
    """`5.50Coffee`, `7-eleven`, `7'de`; a currency or a multiplier belongs to the number."""
    after = at + 1
    # The sign of a currency in front shows money, whatever touches it: zomato₹349biryani.
    signed = line.touches(at) and line.tokens[at - 1].kind == CURRENCY
    if not line.touches(after) or signed:
        return None
    if _is_alphabetic(line, after):
        return None if _belongs(line, after) else NonAmount(at, after + 1, "glued")
    joined = line.is_sign(after, "'-_") and line.touches(after + 1)
    return NonAmount(at, after + 2, "glued") if joined and _is_alphabetic(line, after + 1) else None


def _is_alphabetic(line: TextLine, at: int) -> bool:
    """Return whether this is a word of a script that parts its words by spaces (not Hangul)."""
    if not 0 <= at < len(line.tokens) or line.tokens[at].kind != WORD:
        return False
    key = line.key(at)
    return key not in _PREFIXES and not "가" <= key[0] <= "힣"


def is_glued_before(line: TextLine, at: int) -> bool:
    """Return whether letters touch a number from the front: no currency, no x, no prefix."""
    before = at - 1
    if not line.touches(at) or not _is_alphabetic(line, before):
        return False
    if currency_at(line, before, before=True) or line.key(before) in _PREFIXES:
        return False
    times = line.key(before) in TIMES_LETTERS and before > 0
    return not (times and line.tokens[before - 1].kind == NUMBER)


def _belongs(line: TextLine, at: int) -> bool:
    """Return whether letters that touch a number from behind are part of the amount."""
    if currency_at(line, at, before=False) or line.role(at, "times", "letter_million"):
        return True
    return line.key(at) in TIMES_LETTERS and line.is_number(at + 1)


def _soft_year(line: TextLine, at: int) -> NonAmount | None:
    """`in 2077`: a year where another number is the amount."""
    key = line.key(at)
    if len(key) != 4 or not key.isdecimal() or key[:2] not in ("19", "20"):
        return None
    ranked = any(found.reason == "naming" for found in line.non_amounts)
    led = ranked or line.fluent_before(at, "year_before") is not None
    return NonAmount(at, at + 1, "year", soft=True) if led and not is_money(line, at) else None


def _soft_count(line: TextLine, at: int) -> NonAmount | None:
    """`2 more`, `12 people`, `ещё 2`: a quantity where no other number is the amount."""
    if not line.key(at).isdecimal() or is_money(line, at):
        return None
    if counted := line.role(at + 1, "counts"):
        return NonAmount(at, at + 1 + counted.length, "quantity", soft=True)
    few = len(line.key(at)) <= 2
    if few and _is_for_people(line, at):
        return NonAmount(at, at + 1, "quantity")
    checks = (_is_party, _is_bought)
    if few and (line.role_before(at, "more") or any(check(line, at) for check in checks)):
        return NonAmount(at, at + 1, "quantity", soft=True)
    return None


def _is_bought(line: TextLine, at: int) -> bool:
    """Return whether so many things were bought, at a price that is not told: bought 3 shirts."""
    if int(line.key(at)) > BOUGHT_MAX or not line.is_word(at + 1) or line.meanings[at + 1]:
        return False
    behind = at + 1 < len(line.tokens) and line.role(at + 2, "bought")
    bought = line.fluent_before(at, "bought") or behind
    return bool(bought) and all(line.is_word(i) for i in range(at + 1, len(line.tokens)))


def _is_for_people(line: TextLine, at: int) -> bool:
    """Return whether so many share what is priced right before: lunch 45 for 2."""
    bill = line.key(at - 2)
    larger = bill.isdecimal() and int(bill[:LITERAL_DIGITS]) > 2 * int(line.key(at))
    led = line.is_number(at - 2) and at > 2 and line.role_before(at, "connecting", "with")
    return larger and bool(led) and at + 1 == len(line.tokens)


def _is_party(line: TextLine, at: int) -> bool:
    """Return whether so many people meet at an hour: dinner for 2 at 7."""
    led = line.role_before(at, "connecting", "with")
    hour = line.role(at + 1, "time_before", "time_sure") if led else None
    return hour is not None and read_hour(line, at + 1 + hour.length) is not None


_READERS: tuple[Callable[[TextLine, int], NonAmount | None], ...] = (
    _link,
    _hashed,
    _instalment,
    _masked,
    _zone,
    read_colon_time,
    _percent,
    read_account,
    read_phone,
    _version,
    read_hour,
    read_clocked,
    _ranked,
    _unit,
    _times_count,
    _split,
    _ordinal,
    _glued,
    read_named,
    read_address,
    read_run,
    _soft_year,
    _soft_count,
)

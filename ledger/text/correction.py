"""Read the changes that a reply, or a message that begins like one, makes to an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.money import AMOUNT_MAX, from_minor, minor_digits
from ledger.text.dates.conventions import spoken_languages
from ledger.text.deciding.choice import choose
from ledger.text.lines.annotations import category_names
from ledger.text.lines.characters import clean, fold
from ledger.text.lines.line import Amount, TextLine
from ledger.text.lines.reading import build_context, read_line
from ledger.text.model import Correction, EntryKind, TextContext
from ledger.text.numbers.currency_matches import currency_at

TEXT_MAX = 400
TYPED_MAX = 80
"""Characters of the longest correction that is typed without a reply."""
_FIELDS = ("note", "category", "merchant", "amount", "date", "currency", "tag", "payer", "tip")
_EDGES = " \t,;:=-–—.!"
_FILLERS = ("connecting", "with", "auxiliary", "states", "of", "article", "polite")
_UNUSABLE = ("glued", "unknown_currency", "spoken")
_FIXES = (
    "fix_lead",
    "fix_aside",
    "fix_change",
    "fix_instead",
    "fix_not",
    "fix_not_after",
    "fix_but",
)


def parse_correction(text: str, chat: TextContext) -> Correction | None:
    """Return the changes that a reply makes to its entry, None if it changes nothing.

    `53.90`, `total 53.90`, `12 usd`, `yesterday`, `it was Lidl`, `food`, `note lunch with Bo`,
    `not 30 but 28`, `28 instead of 30`, `change to 28`, `delete`, `#home`, `paid by Mia`, `tip 3`;
    each line may change another field.
    """
    found: Correction | None = None
    for words in clean(text[:TEXT_MAX]).splitlines():
        if not words.strip():
            continue
        part = _parse_line(words.strip(), chat)
        if part is None:
            return None
        found = part if found is None else _join(found, part)
    return found


def find_typed_correction(text: str, chat: TextContext) -> Correction | None:
    """Return the change that a message asks for without a reply, None if it is anything else.

    Such a message begins like a correction (`no, 5.50`, `sorry, 45`, `make it 45`) or names the old
    value (`not 500 but 450`), and holds nothing but figures besides.
    """
    words = " ".join(clean(text[:TYPED_MAX]).split())
    if len(text) > TYPED_MAX or not words:
        return None
    return read_typed_correction(read_line(build_context(words, chat)))


def read_typed_correction(line: TextLine) -> Correction | None:
    """Return the change that the only line of a message asks for; see `find_typed_correction`."""
    if not line.tokens or line.tokens[-1].end - line.tokens[0].start > TYPED_MAX:
        return None
    fixing = any(line.role(at, *_FIXES) for at in range(len(line.tokens)))
    return _replace_figures(line) if fixing else None


def _join(first: Correction, second: Correction) -> Correction:
    empty = Correction()
    given = {
        name: value
        for name in Correction.__dataclass_fields__
        if (value := getattr(second, name)) != getattr(empty, name)
    }
    return replace(first, **given)


def _parse_line(words: str, chat: TextContext) -> Correction | None:
    if category := _find_category(words, chat):
        return Correction(category=category)
    line = read_line(build_context(words, chat))
    if _is_deletion(line):
        return Correction(delete=True)
    plain = _parse_figures(words, chat) or _replace_figures(line) or _parse_annotations(line)
    if plain:
        return plain
    payer = _find_payer(words, line)
    return Correction(payer=payer) if payer else _parse_named(words, chat)


def _parse_named(words: str, chat: TextContext) -> Correction | None:
    """Read words that begin with the name of a field."""
    fields = _list_fields(words, chat)
    found = (_parse_field(name, rest, chat, vague=vague) for name, rest, vague in fields)
    return next((correction for correction in found if correction), None)


def _find_category(words: str, chat: TextContext) -> str | None:
    first = next((i for i, c in enumerate(words) if c.isalnum()), 0)  # behind an emoji, too
    key = " ".join(fold(words[first:].strip(_EDGES + "#[]")).split())
    return category_names(chat.categories).get(key)


def _find_payer(words: str, line: TextLine) -> str | None:
    """Read a name in front of a word for paying: `Mia ödedi`, `小王付的`."""
    for name in line.context.vocabulary.command_words("corrections", "payer_after"):
        folded = fold(words).rstrip(_EDGES)
        if folded.endswith(name) and len(folded) == len(words.rstrip(_EDGES)) > len(name):
            head = words[: len(folded) - len(name)]
            if head[-1].isspace() or ord(name[0]) >= 0x2E80:
                return head.strip(_EDGES) or None
    return None


def _is_deletion(line: TextLine) -> bool:
    """Return whether a line is only a word for deleting, with no question mark behind it."""
    meaning = line.role(0, "fix_delete") if line.tokens else None
    rest = range(meaning.length, len(line.tokens)) if meaning else range(0)
    return meaning is not None and all(line.is_sign(i, ".!") for i in rest)


def _parse_annotations(line: TextLine) -> Correction | None:
    """Read `#home #work`, with nothing besides."""
    tags = tuple(a.value for a in line.annotations if a.kind == "tag")
    rest = [i for i in range(len(line.tokens)) if line.owners[i] != "annotation"]
    return Correction(tags=tags) if tags and not rest else None


# --- fields by name


def _list_fields(words: str, chat: TextContext) -> list[tuple[str, str, bool]]:
    """List the fields whose name leads the words, longest name first.

    Each with the words behind it, and whether the name is as vague as `it was`.
    """
    context = build_context("", chat)
    conventions = context.conventions
    spoken = spoken_languages(context.vocabulary.language, conventions.region)
    folded = fold(words)
    found: list[tuple[int, str, str, bool]] = []
    for field in _FIELDS:
        for name in context.vocabulary.command_words("corrections", field, spoken):
            if not folded.startswith(name):
                continue
            rest = words[len(name) :]
            if rest[:1].isalnum() and ord(name[-1]) < 0x2E80:
                continue
            named = read_line(build_context(name, chat), days_only=True)
            vague = all(_is_filler(named, i) for i in range(len(named.tokens)))
            found.append((len(name), field, rest.strip().lstrip(_EDGES).strip(), vague))
    found.sort(key=lambda item: -item[0])
    return [(field, rest, vague) for _, field, rest, vague in found]


def _parse_field(field: str, rest: str, chat: TextContext, *, vague: bool) -> Correction | None:
    if not rest:
        return None
    if field == "tip":
        return _parse_tip(rest, chat)
    words = " ".join(rest.strip(_EDGES).split())
    named = {
        "note": Correction(note=" ".join(rest.split())),
        "payer": Correction(payer=words.lstrip("@")),
        "tag": Correction(tags=(words.lstrip("#"),)),
    }
    if field in named:
        return named[field]
    category = _find_category(rest, chat)
    if category and field != "date":
        return Correction(category=category)
    if field == "merchant" and not vague and any(c.isalnum() for c in rest):
        return Correction(merchant=words)
    return _parse_value(field, rest, chat)


def _parse_tip(rest: str, chat: TextContext) -> Correction | None:
    plain = _parse_figures(rest, chat)
    amount = plain.amount if plain else None
    return Correction(tip=amount, currency=plain.currency) if plain and amount else None


def _parse_value(field: str, rest: str, chat: TextContext) -> Correction | None:
    if field == "amount":
        rest = rest.rstrip(".")  # named an amount, so it is not a day
    if plain := _parse_figures(rest, chat):
        return plain
    if field == "merchant" and any(c.isalpha() for c in rest):
        kind = _find_kind(rest, chat)
        return kind or Correction(merchant=" ".join(rest.strip(_EDGES).split()))
    return None


def _find_kind(rest: str, chat: TextContext) -> Correction | None:
    """Read `it was income`: one word that means money came in."""
    line = read_line(build_context(rest, chat), days_only=True)
    kind: EntryKind = "income"
    single = len(line.tokens) == 1 and line.role(0, "income")
    return Correction(type=kind) if single else None


# --- figures


def _parse_figures(words: str, chat: TextContext) -> Correction | None:
    """Read an amount, a currency and a date where the words hold nothing else."""
    line = read_line(build_context(words, chat))
    part = (0, len(line.tokens))
    if any(
        line.is_word(i) and not line.owners[i] and not _is_filler(line, i) for i in range(*part)
    ):
        return _read_bare_currency(line, part)
    if any(line.is_sign(i, "?") for i in range(*part)) or line.non_amounts:
        return None
    on = _find_day(line)
    if not line.amounts:
        return Correction(on=on) if on else _read_bare_currency(line, part)
    return _take_only(line, words, on) if len(line.amounts) == 1 else None


def _take_only(line: TextLine, words: str, on: date | None) -> Correction | None:
    """Take the only amount of a reply, with its day if it has one."""
    (only,) = line.amounts
    if only.day and not only.currency and words.endswith("."):
        return Correction(on=only.day)  # `12.03.`, as a day is written and an amount is not
    choice = choose(line, (0, len(line.tokens)))
    if choice.candidate is None:
        return None
    ((_, read),) = choice.candidate.entries
    value = _value_of(line, read.amount)
    if value is None:
        return None
    return Correction(amount=value, currency=read.amount.currency, on=read.on or on)


def _value_of(line: TextLine, amount: Amount) -> Decimal | None:
    """Return an amount at its currency's minor digits, None if no entry may have it."""
    currency = amount.currency or line.context.chat.currency
    minor = round(abs(amount.value) * 10 ** minor_digits(currency))
    value = from_minor(minor, currency)
    return value if minor > 0 and value <= AMOUNT_MAX and not amount.reason else None


def _replace_figures(line: TextLine) -> Correction | None:
    """Read figures with words of correcting: `no, 5.50`, `28 instead of 30`, `not 30 but 28`."""
    fixes = _list_fixes(line)
    if (
        fixes is None
        or not {role for _, role in fixes} - {"fix_but", "fix_aside"}
        or any(line.is_sign(i, "?") for i in range(len(line.tokens)))
    ):
        return None
    usable = [a for a in line.amounts if a.hint not in _UNUSABLE]
    if len(usable) != len(line.amounts) or len(usable) > 2:
        return None
    on = _find_day(line)
    if not usable:
        return Correction(on=on) if on and fixes[0][0] == 0 else None
    new, old = _order(usable, fixes)
    value = _value_of(line, new)
    if value is None:
        return None
    before = _value_of(line, old) if old else None
    return Correction(amount=value, currency=new.currency, on=on, old_amount=before)


def _list_fixes(line: TextLine) -> list[tuple[int, str]] | None:
    """List the words of correcting with their places; None if other words are there too."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(line.tokens):
        meaning = line.role(at, *_FIXES)
        if meaning and not line.owners[at] and line.is_spoken(meaning, at):
            roles = {m.role for m in line.meanings[at] if m.length == meaning.length}
            found += [(at, role) for role in roles if role in _FIXES]
            at += meaning.length
            continue
        free = line.is_word(at) and not line.owners[at]
        if free and not line.role(at, *_FILLERS, "subject"):
            return None
        at += 1
    return found


def _order(usable: list[Amount], fixes: list[tuple[int, str]]) -> tuple[Amount, Amount | None]:
    """Return the new amount and the old one: `not` and `instead of` lead the old one."""
    if len(usable) == 1:
        return usable[0], None
    first, second = usable
    if any(role == "fix_not_after" and first.end <= at < second.start for at, role in fixes):
        return second, first
    between = {role for at, role in fixes if first.end <= at < second.start}
    before = {role for at, role in fixes if at < first.start}
    old_first = "fix_not" in before and not between & {"fix_instead", "fix_not"}
    if not old_first and between & {"fix_instead", "fix_not"}:
        return first, second
    return second, first


def _find_day(line: TextLine) -> date | None:
    return next((day.on for day in line.days if day.on and not day.reason), None)


def _read_bare_currency(line: TextLine, part: tuple[int, int]) -> Correction | None:
    """Read `usd`, `in euros`: a currency and nothing else."""
    matches = [currency_at(line, i, before=False) for i in range(*part) if not _is_filler(line, i)]
    only = matches[0] if len(matches) == 1 else None
    if only and not only.hundredth and not line.amounts:
        return Correction(currency=only.code)
    return None


def _is_filler(line: TextLine, at: int) -> bool:
    """Return whether a word adds nothing to a figure: it was, on, the, actually."""
    if line.owners[at]:
        return True
    return line.role(at, *_FILLERS) is not None or (
        line.role(at, "plain") is not None and len(line.key(at)) <= 4
    )

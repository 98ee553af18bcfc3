"""Build the parts that several views share, as an entry's first line or a budget's state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ledger.budgets.budget import BudgetState
from ledger.entries.entry import Entry
from ledger.money import Money
from ledger.rates.values import CurrencyPair
from ports.answers import Booked, Remark
from ports.messages import Action, Button, Buttons
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import EMPTY, Html, dotted, visible

Payers = Mapping[int, str]
"""Names of a group's members by user id; empty in a private chat, where nobody need be named."""

NOBODY: Payers = {}
_NAME_MAX = 40
_SHOUTED_WORDS = 2
_SHORT = 3


def press(label: str, action: Action, t: Localizer) -> Button:
    """Make a button with a label of bounded length; HTML is undone, buttons take none."""
    # The Bot API shows tags and entities of a label literally.
    plain = visible(label) if isinstance(label, Html) else label
    return Button(t.label(plain), action)


def in_rows(found: Sequence[Button], width: int) -> Buttons:
    """Lay buttons out in rows of a width."""
    return tuple(tuple(found[i : i + width]) for i in range(0, len(found), width))


def distinct(found: Buttons) -> Buttons:
    """Number the labels that another button of the same message has, so that no two are alike."""
    labels = [button.label for row in found for button in row]
    if len(set(labels)) == len(labels):
        return found
    seen: dict[str, int] = {}
    return tuple(tuple(_numbered(button, seen) for button in row) for row in found)


def _numbered(button: Button, seen: dict[str, int]) -> Button:
    label = button.label
    while label in seen:
        seen[button.label] += 1
        label = f"{button.label} ({seen[button.label]})"
    seen[label] = 1
    return replace(button, label=label)


def head(entry: Entry, t: Localizer) -> Html:
    """Return the first line of an entry, its amount in bold and its purpose."""
    title = named(entry, t)
    if not title:
        return t("entry.head_bare", amount=t.amount(entry))
    return t("entry.head", amount=t.amount(entry), title=title)


def named(entry: Entry, t: Localizer) -> Html:
    """Return merchant and note of an entry, by which a person recognises it."""
    shop = t.user(shop_name(entry.merchant or ""), 60)
    if shop and "merchant" in entry.marks:
        shop = t("mark.merchant", shop=shop)
    return dotted(shop, t.user(entry.note))


def shop_name(merchant: str) -> str:
    """Write a name of several words that paper prints in capitals as people write it.

    A single word (`EDEKA`, `IKEA`) and short ones stay, since brands are written so.
    """
    words = merchant.split()
    if len(words) < _SHOUTED_WORDS or not merchant.isupper():
        return merchant
    return " ".join(word.capitalize() if len(word) > _SHORT else word for word in words)


def brief(entry: Entry, t: Localizer) -> Html:
    """Return an entry in a few words, without markup: `€4.50 coffee`."""
    title = t.user(entry.note or shop_name(entry.merchant or ""), 60)
    if not title:
        return t("entry.brief_bare", amount=t.amount(entry))
    return t("entry.brief", amount=t.amount(entry), title=title)


def category_of(entry: Entry, t: Localizer) -> Html:
    """Return the category of an entry; a guessed one carries a question mark."""
    if not entry.category:
        return t("entry.which_category")
    name = "entry.guess" if entry.category_guessed else "entry.category"
    return t(name, category=t.category(entry.category))


def facts(booked: Booked, t: Localizer, *, today: date, payers: Payers) -> Html:
    """Return category, day when it is not today, the payer in a group, and tags."""
    entry = booked.entry
    # The day of a receipt was read, not meant, so it is shown even when it is today.
    dated = entry.spent_on != today or entry.receipt_id is not None
    payer = payers.get(entry.paid_by, "")
    return dotted(
        category_of(entry, t),
        t.day(entry.spent_on, today) if dated else "",
        t("entry.paid_by", name=t.user(payer, _NAME_MAX)) if payer else "",
        tags(entry, t),
    )


def counted(entry: Entry, t: Localizer, *, today: date) -> Html:
    """Return what an amount in another currency counts, with its rate and the day of that."""
    base = entry.base
    if base is None or base.money.currency == entry.money.currency:
        return EMPTY
    pair = CurrencyPair(entry.money.currency, base.money.currency)
    day, rate = t.dated(base.rate_on, today), t.rate(pair, base.rate)
    return t(f"counted.{base.kind}", amount=base.money, rate=rate, day=day)


def day_title(on: date, today: date, t: Localizer) -> str:
    """Return a day as a title or on a button, where it begins with a capital."""
    text = t.day(on, today)
    return text[:1].upper() + text[1:]


def tags(entry: Entry, t: Localizer) -> Html:
    """Return the tags of an entry as they are typed."""
    return t.user(" ".join(f"#{tag}" for tag in entry.tags), 100)


def remarks(booked: Booked, t: Localizer, *, today: date) -> tuple[Html, ...]:
    """Return a line for each remark, because no figure may differ silently from the typed one."""
    if not (booked.remarks or booked.line_count):
        return ()
    check = dotted(
        *(t("remark.adds_up") for r in booked.remarks if r.id == "adds_up"),
        t("receipt.lines", booked.line_count) if booked.line_count else "",
    )
    others = [remark(r, booked.entry, t, today=today) for r in booked.remarks if r.id != "adds_up"]
    return tuple(line for line in (check, *others) if line)


def remark(said: Remark, entry: Entry, t: Localizer, *, today: date) -> Html:
    """Return one remark in words; empty where the catalogue lacks it."""
    values: dict[str, str | int | Decimal | Money] = {
        "amount": t.amount(entry),
        "currency": entry.money.currency,
        "date": t.dated(entry.spent_on, today),
        "home": t.currency,
    }
    for name, value in said.values.items():
        if isinstance(value, date):
            values[name] = t.dated(value, today)
        elif isinstance(value, str):
            # A remark's own text must not replace the amount or date of the entry as formatted
            # above.
            values.setdefault(name, t.user(value, 100))
        else:
            values[name] = value
    if not t.has(f"remark.{said.id}"):
        return EMPTY
    return t(f"remark.{said.id}", **values)


def budget_line(state: BudgetState, t: Localizer) -> Html:
    """Return a budget's state in one line: `Groceries 62 %, 11 days left, €9.40 a day`."""
    return with_rests(_budget_line(state, t), state, t)


def with_rests(line: Html, state: BudgetState, t: Localizer) -> Html:
    """Add the rest that was carried over, and the amounts that no rate lets count."""
    if state.carried is not None and state.carried.amount:
        line = t("budget.carried", line=line, rest=t.money(state.carried, plus=True))
    if state.apart:
        amounts = t.listed(*(t.money(money) for money in state.apart))
        line = t("budget.apart", line=line, amounts=amounts)
    return line


def budget_name(state: BudgetState, t: Localizer) -> str:
    """Name a budget by its spending and, unless it is monthly, its period; not escaped."""
    name = t.scope(state.budget.scope, state.person)
    if state.budget.per == "month":
        return name
    days = t.dates(state.period, state.today)
    return t.plain(f"budget.name_{state.budget.per}", name=name, days=days)


def _budget_line(state: BudgetState, t: Localizer) -> Html:
    name = budget_name(state, t)
    share = t.percent(Decimal(state.percent) / 100)
    if not state.days_left:
        return _ended(state, t, name=name, share=share)
    left = state.left
    if left.amount < 0:
        over = Money(-left.amount, left.currency)
        return t("budget.line_over", state.days_left, name=name, share=share, over=over)
    if left.amount == 0:
        return t("budget.line_spent", state.days_left, name=name, share=share)
    return t("budget.line", state.days_left, name=name, share=share, per_day=state.per_day)


def _ended(state: BudgetState, t: Localizer, *, name: str, share: str) -> Html:
    """Return a budget's state after its period ended, which has no days left."""
    left = state.left
    if left.amount < 0:
        return t(
            "budget.ended_over", name=name, share=share, over=Money(-left.amount, left.currency)
        )
    if left.amount == 0:
        return t("budget.ended_spent", name=name, share=share)
    return t("budget.ended", name=name, share=share, left=left)


def budget_lines(booked: Sequence[Booked], t: Localizer, *, most: int = 3) -> tuple[Html, ...]:
    """Return a line per budget of these entries, in its state after the last of them.

    A chat that wants it sees the day's spending so far below them.
    """
    # Later entries overwrite earlier states, because a state includes all entries booked before it.
    states = {state.budget.id: state for one in booked for state in one.budgets}
    lines = [budget_line(state, t) for state in list(states.values())[:most]]
    spent = next((one.today for one in reversed(booked) if one.today), None)
    return tuple(lines) if spent is None else (*lines, t("entry.today", amount=spent))


def delete_button(entry: Entry, t: Localizer) -> Button:
    """Return the button that deletes an entry."""
    return Button(t.button("button.delete"), buttons.delete(entry.id))

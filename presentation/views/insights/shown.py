"""Show insights as a numbered list, with buttons to what is behind each and to an end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.insights.insight import BudgetFact, Insight
from ports.answers import InsightRefused, InsightsShown, WordingShown
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import TEXT_MAX, Html, blocks, escape, fitting, visible
from presentation.views.insights.sentences import say
from presentation.views.parts import press

PRESETS = ("short", "coach", "strict")
_INSTRUCTION_MAX = 300


def insights(value: InsightsShown, t: Localizer, *, today: date) -> Reply:
    """List insights, each with its buttons."""
    title = t("insight.pushed") if value.pushed else t("insight.title")
    if not value.found:
        return Reply(blocks(title, t("insight.none")), _foot(value, t))
    lines = list_lines(value.found, t, today=today)
    shown = max(1, fitting(lines, TEXT_MAX - 100))
    return Reply(blocks(title, *lines[:shown]), insight_buttons(value, t, shown=shown))


def phrased(value: InsightsShown, text: str, t: Localizer) -> Reply:
    """Show insights in a model's words, with the same buttons; the words are foreign text."""
    title = t("insight.pushed") if value.pushed else t("insight.title")
    return Reply(blocks(title, escape(text)), insight_buttons(value, t, shown=len(value.found)))


def list_lines(found: Sequence[Insight], t: Localizer, *, today: date) -> list[Html]:
    """Return a numbered text for each insight."""
    return [
        t("insight.line", number=number, text=say(one, t, today=today))
        for number, one in enumerate(found, start=1)
    ]


def facts_of(found: Sequence[Insight], t: Localizer, *, today: date) -> str:
    """Return the facts as plain text, in the words that a person reads without a model."""
    return "\n".join(visible(line) for line in list_lines(found, t, today=today))


def insight_buttons(value: InsightsShown, t: Localizer, *, shown: int) -> Buttons:
    """Return a row of buttons for each insight, and the way to the wording."""
    found = [_row(number, one, t) for number, one in enumerate(value.found[:shown], start=1)]
    return (*found, *_foot(value, t))


def _row(number: int, one: Insight, t: Localizer) -> tuple[Button, ...]:
    row: list[Button] = []
    if one.entry_ids:
        label = t("insight.button.open", number=number)
        row.append(press(label, buttons.open_entry(one.entry_ids[0]), t))
    if one.behind is not None:
        label = t("insight.button.entries", number=number)
        row.append(press(label, buttons.insight_entries(one.behind), t))
    if isinstance(one.fact, BudgetFact):
        label = t("insight.button.budget", number=number, limit=one.fact.limit)
        row.append(press(label, buttons.insight_budget(one.fact.category, one.fact.limit), t))
    no = press(t("insight.button.no", number=number), buttons.insight_no(*one.key), t)
    return (*row, no)


def _foot(value: InsightsShown, t: Localizer) -> Buttons:
    if not value.offers_wording:
        return ()
    return ((press(t("insight.button.wording"), buttons.wording(), t),),)


def insight_refused(value: InsightRefused, t: Localizer) -> Reply:
    """Say that it is not told again, with a way back; or that it may be told again."""
    if value.taken_back:
        return Reply(t("insight.allowed"))
    back = press(t("insight.button.allow"), buttons.insight_yes(value.kind, value.object), t)
    return Reply(t("insight.refused"), ((back,),))


def wording_shown(value: WordingShown, t: Localizer) -> Reply:
    """Show the instruction by which a model phrases insights, with others to choose from."""
    if value.phrasing == "none":
        return Reply(t("wording.no_model"))
    if value.phrasing == "forbidden":
        return Reply(t("wording.local_only"))
    instruction = t.user(value.instruction, _INSTRUCTION_MAX)
    if not instruction:
        said = t("wording.deleted") if value.changed else t("wording.none")
    else:
        said = t("wording.changed" if value.changed else "wording.shown", instruction=instruction)
    presets = tuple(
        press(
            t(f"wording.preset.{name}"),
            buttons.wording_set(t.plain(f"wording.words.{name}")),
            t,
        )
        for name in PRESETS
    )
    delete = press(t("wording.button.delete"), buttons.wording_set(""), t)
    return Reply(
        blocks(said, t("wording.how")), (presets, (delete,)) if instruction else (presets,)
    )

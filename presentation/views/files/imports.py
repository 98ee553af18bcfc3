"""Show the import of a file by its questions, its preview and its result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from ledger.imports.batches import (
    Example,
    Found,
    ImportBatch,
    ImportState,
    Status,
    count_importable,
    has_only_parts,
)
from ledger.money import Money
from ledger.periods.period import Period
from ledger.statements import Property
from ports.answers import ImportShown, ImportStarted
from ports.messages import Button, Buttons, Reply
from presentation import buttons
from presentation.localizer import Localizer
from presentation.markup import Html, dotted, rows
from presentation.views.parts import in_rows, press

_SHOWN: tuple[Status, ...] = ("new", "doubtful", "probable")
_LISTED: tuple[Status, ...] = (*_SHOWN, "missing")
_EXAMPLES_SHOWN = 3
PAGE_ROWS = 15
"""Rows of a page; each is a line of up to 150 letters."""
_UNREADABLE_SHOWN = 5
_READ_SHOWN = 2
_NAME_MAX = 60
_SIGNS = {".": "point", ",": "comma"}
_STARTED = {"reading": "import.reading", "writing": "import.writing"}


def import_help(t: Localizer) -> Reply:
    """Say which files are taken, and how."""
    return Reply(t("import.help"))


def import_too_large(t: Localizer) -> Reply:
    """Say that a file is too large for a bot, and what to do."""
    return Reply(t("import.refused.file_too_big"))


def import_started(value: ImportStarted, t: Localizer) -> Reply:
    """Announce what a job does with a file."""
    batch = value.batch
    message_id = _STARTED.get(batch.state, "import.reversing")
    return Reply(t(message_id, file=t.user(batch.file_name, _NAME_MAX)))


def import_told(batch: ImportBatch, t: Localizer) -> Reply:
    """Answer a typed command about an import, whose own message shows what becomes of it."""
    return Reply(t("import.told", file=t.user(batch.file_name, _NAME_MAX)))


def import_shown(value: ImportShown, t: Localizer, *, today: date) -> Reply:
    """Show an import as it is."""
    batch = value.batch
    if value.refusal:
        known = (f"import.refused.{value.refusal}", f"refused.{value.refusal}")
        return Reply(t.first((*known, "import.refused")))
    if batch.state == "ready":
        return _page(value, t) or _preview(batch, t, today=today)
    show = _VIEWS.get(batch.state)
    return show(batch, t) if show else import_started(ImportStarted(batch), t)


def _ask(batch: ImportBatch, t: Localizer) -> Reply:
    """Ask about the first property that the file does not prove."""
    assert batch.found is not None
    name, choices = next(iter(batch.found.choices.items()))
    if not choices:
        return Reply(t("import.no_columns", file=t.user(batch.file_name, _NAME_MAX)))
    labels = [
        press(
            _label(batch.found, name, choice, t), buttons.import_answer(batch.id, name, choice), t
        )
        for choice in choices
    ]
    cancel = press(t.plain("import.cancel"), buttons.import_cancel(batch.id), t)
    text = rows(t(f"import.ask.{name}"), *_list_as_read(batch.found, t))
    return Reply(text, (*in_rows(labels, 1), (cancel,)))


def _label(found: Found, name: Property, choice: str, t: Localizer) -> str:
    """Return the words of a choice; a column is named as the file names it."""
    if name in {"day_column", "amount_column"}:
        at = int(choice)
        known = at < len(found.column_names)
        return found.column_names[at] if known else str(at + 1)
    return t.plain(f"import.choice.{name}.{_SIGNS.get(choice, choice)}")


def _page(value: ImportShown, t: Localizer) -> Reply | None:
    """Show another page of a preview, None for the preview itself."""
    if value.page == "rows":
        return _show_rows(value.batch, value.at, t)
    return _show_readings(value.batch, t) if value.page == "reading" else None


def _show_readings(batch: ImportBatch, t: Localizer) -> Reply:
    """Offer every other way to read a file."""
    found = batch.found
    assert found is not None
    found_buttons = [
        press(
            t.plain(f"import.reread.{name}", choice=_label(found, name, choice, t)),
            buttons.import_answer(batch.id, name, choice),
            t,
        )
        for name, choices in found.alternatives.items()
        for choice in choices
    ]
    text = rows(t("import.reread"), *_list_as_read(found, t))
    return Reply(text, (*in_rows(found_buttons, 1), (_back(batch, t),)))


def _back(batch: ImportBatch, t: Localizer) -> Button:
    return press(t.plain("import.back"), buttons.import_page(batch.id, ""), t)


def _show_rows(batch: ImportBatch, at: int, t: Localizer) -> Reply:
    """Show a page of the rows, by list; a file holds those beyond the kept ones."""
    found = batch.found
    assert found is not None
    listed = [e for status in _LISTED for e in found.examples if e.status == status]
    lines, heading = [], ""
    for example in listed[at : at + PAGE_ROWS]:
        if example.status != heading:
            heading = example.status
            lines.append(t(f"import.count.{heading}", found.counts.get(heading, 0)))
        lines.append(_show_example(example, t))
    row = []
    if at > 0:
        back = buttons.import_page(batch.id, "rows", max(0, at - PAGE_ROWS))
        row.append(press(t.plain("import.earlier"), back, t))
    if at + PAGE_ROWS < len(listed):
        later = buttons.import_page(batch.id, "rows", at + PAGE_ROWS)
        row.append(press(t.plain("import.later"), later, t))
    whole = press(t.plain("import.as_file"), buttons.import_list(batch.id), t)
    return Reply(rows(*lines), tuple(filter(None, (tuple(row), (whole,), (_back(batch, t),)))))


def _list_as_read(found: Found, t: Localizer) -> list[Html]:
    """Return the first rows as the likeliest choice reads them."""
    return [t("import.example_as_read", row=_row(e, t)) for e in found.examples[:_READ_SHOWN]]


def _preview(batch: ImportBatch, t: Localizer, *, today: date) -> Reply:
    found = batch.found
    assert found is not None
    text = rows(
        t("import.title", file=t.user(batch.file_name, _NAME_MAX)),
        dotted(t(f"import.kind.{found.kind}"), _days(found, t, today)),
        *_list_counts(found, t),
        *_list_unreadable(found, t),
        *_list_document(found, t),
    )
    return Reply(text, _preview_buttons(batch, t))


def _days(found: Found, t: Localizer, today: date) -> str:
    if found.start is None or found.end is None:
        return ""
    return t.period(Period(found.start, found.end + date.resolution), today)


def _list_counts(found: Found, t: Localizer) -> Iterator[Html]:
    """Yield for each status how many rows have it, with examples."""
    if not any(found.counts.values()):
        yield t("import.no_rows")
    for status in _SHOWN:
        count = found.counts.get(status, 0)
        if not count:
            continue
        yield t(f"import.count.{status}", count)
        if status == "new":
            yield from _list_sums(found, t)
        mine = [example for example in found.examples if example.status == status]
        yield from (_show_example(example, t) for example in mine[:_EXAMPLES_SHOWN])
    if missing := found.counts.get("missing", 0):
        yield t("import.count.missing", missing)
    if known := found.counts.get("known", 0):
        yield t("import.count.known", known)


def _list_sums(found: Found, t: Localizer) -> Iterator[Html]:
    for kind, by_currency in sorted(found.sums.items()):
        amounts = [t.money(Money.of_minor(minor, code)) for code, minor in by_currency.items()]
        yield t(f"import.sum.{kind}", amounts=" + ".join(amounts))


def _show_example(example: Example, t: Localizer) -> Html:
    if example.status == "probable":
        return t("import.pair", row=_row(example, t), entry=t.user(example.entry_words or "…"))
    return t("import.row", row=_row(example, t))


def _row(example: Example, t: Localizer) -> Html:
    minor = example.minor if example.type == "income" else -example.minor
    amount = t.money(Money.of_minor(minor, example.currency), plus=True)
    return dotted(t.dated(example.on, example.on), t.user(example.words), amount)


def _list_document(found: Found, t: Localizer) -> Iterator[Html]:
    """Say which other parts of a ledger an own export brings."""
    if found.document is not None:
        # A preview of the release before has no series.
        counts = {name: str(count) for name, count in {"series": 0, **found.document}.items()}
        yield t("import.document", **counts)


def _list_unreadable(found: Found, t: Localizer) -> Iterator[Html]:
    if not found.unreadable_count:
        return
    yield t("import.count.unreadable", found.unreadable_count)
    for line, text, why in found.unreadable[:_UNREADABLE_SHOWN]:
        yield t("import.unreadable", line=str(line), text=t.user(text), why=t(f"import.why.{why}"))


def _preview_buttons(batch: ImportBatch, t: Localizer) -> Buttons:
    plain = count_importable(batch, with_probable=False)
    everything = count_importable(batch, with_probable=True)
    found = []
    if plain:
        action = buttons.import_write(batch.id, with_probable=False)
        found.append(press(t.plain("import.write", plain), action, t))
    if has_only_parts(batch):
        action = buttons.import_write(batch.id, with_probable=False)
        found.append(press(t.plain("import.write_parts"), action, t))
    if everything > plain:
        action = buttons.import_write(batch.id, with_probable=True)
        found.append(press(t.plain("import.write_all", everything), action, t))
    if everything > plain:
        action = buttons.import_write(batch.id, with_links=True)
        found.append(press(t.plain("import.link", everything - plain), action, t))
    if batch.found and len(batch.found.examples) > 0:
        found.append(press(t.plain("import.all_rows"), buttons.import_page(batch.id, "rows"), t))
    if batch.found and batch.found.alternatives:
        action = buttons.import_page(batch.id, "reading")
        found.append(press(t.plain("import.read_differently"), action, t))
    found.append(press(t.plain("import.cancel"), buttons.import_cancel(batch.id), t))
    return in_rows(found, 1)


def _result(batch: ImportBatch, t: Localizer) -> Reply:
    undo = press(t.plain("import.undo"), buttons.import_reverse(batch.id, redo=False), t)
    text = t("import.done", batch.written, file=t.user(batch.file_name, _NAME_MAX))
    linked = t("import.linked", batch.linked) if batch.linked else ""
    is_changed = batch.written or batch.linked or has_only_parts(batch)
    return Reply(rows(text, linked), ((undo,),) if is_changed else ())


def _undone(batch: ImportBatch, t: Localizer) -> Reply:
    redo = press(t.plain("import.redo"), buttons.import_reverse(batch.id, redo=True), t)
    text = t("import.undone", file=t.user(batch.file_name, _NAME_MAX))
    kept = t("import.kept", batch.kept) if batch.kept else ""
    return Reply(rows(text, kept), ((redo,),))


def _cancelled(batch: ImportBatch, t: Localizer) -> Reply:
    return Reply(t("import.cancelled", file=t.user(batch.file_name, _NAME_MAX)))


_VIEWS: dict[ImportState, Callable[[ImportBatch, Localizer], Reply]] = {
    "asking": _ask,
    "done": _result,
    "undone": _undone,
    "cancelled": _cancelled,
}

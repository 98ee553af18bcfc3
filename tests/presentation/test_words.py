"""Every word is in the catalogues, every catalogue word is said, and views make no sentences."""

from __future__ import annotations

import ast
import itertools
import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from ledger.categories import GROUPS, IDS
from ledger.text.model import AskKind, ReasonId, RemarkId
from presentation.localizer import Localizer, localizer_for
from presentation.markup import LABEL_MAX
from presentation.translations import FALLBACK, NAME, known, load, path_of, spoken, translations_for

ROOT = Path(__file__).parents[2]
VIEWS = sorted((ROOT / "presentation" / "views").glob("*.py"))
PAGE = ROOT / "web" / "page"
SPEAKERS = [
    *VIEWS,
    *sorted(PAGE.rglob("*.py")),
    ROOT / "presentation" / "letters.py",
    ROOT / "presentation" / "localizer.py",
    ROOT / "presentation" / "translations.py",
    ROOT / "web" / "mail_links.py",
]
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "pl", "pt", "ru", "tr", "uk", "zh")
# Errors that only an operator sees, at a terminal with a remedy of their own, or in the log.
OPERATORS = {
    "analytics_failed",
    "no_dead_letter",
    "database_damaged",
    "move_differs",
    "move_not_empty",
    "move_other_source",
}


def literals(path: Path) -> Iterator[str]:
    """Yield every text that a file holds beside its docstrings; `*` for a part filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    quiet = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # docstrings, and notes below constants
    inside = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
            )
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in quiet | inside
        ):
            yield node.value


def template_ids() -> set[str]:
    """The ids of texts that the page's templates ask for."""
    found: set[str] = set()
    for path in (PAGE / "templates").glob("*.html"):
        found |= set(re.findall(r"[\"'](app\.[a-z_.]+)[\"']", path.read_text(encoding="utf-8")))
    return found - {"app.css"}


def ids_in(argument: ast.expr) -> set[str]:
    """The ids that an error is raised with: a constant, or one of two."""
    parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}


def pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", r"[\w.]+"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_views_hold_ids_and_marks_but_no_words(path: Path) -> None:
    for text in literals(path):
        spoken_words = re.findall(r"[^\W\d_]+", text.replace("*", ""))
        looks_like_an_id = re.fullmatch(r"[a-zA-Z_.:*]*", text)
        assert not spoken_words or looks_like_an_id, f"{path.name}: {text!r}"


def test_every_id_that_is_said_is_in_the_catalogue() -> None:
    ids = set(load("en").texts)
    for path in (*VIEWS, ROOT / "presentation" / "localizer.py"):
        for text in literals(path):
            if re.fullmatch(r"[a-z_]+(\.[a-z_*]+)+", text):
                found = pattern(text)
                assert any(found.fullmatch(i) for i in ids) or text.startswith("emoji."), text
    assert template_ids() <= ids


def test_every_word_of_the_catalogue_is_said_somewhere() -> None:
    said = [
        pattern(text) for path in SPEAKERS for text in literals(path) if "." in text or "_" in text
    ]
    plain = {text for path in SPEAKERS for text in literals(path)} | template_ids()
    silent = [
        i for i in load("en").texts if i not in plain and not any(p.fullmatch(i) for p in said)
    ]
    assert not silent


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_loads_and_names_categories_and_days(language: str) -> None:
    texts = load(language).texts
    shown = language if NAME in texts else FALLBACK
    assert translations_for(language).own.language == shown, "a catalogue is shown whole or not"
    for category in IDS:
        assert f"category.{category}" in texts
    for group in GROUPS:
        assert f"group.{group.lower()}" in texts
    assert {"day.today", "day.yesterday"} <= set(texts)
    names = [texts[f"category.{category}"][0] for category in IDS]
    assert len(set(names)) == len(names), "two categories share a name"


def test_every_catalogue_there_is_was_tried() -> None:
    assert known() == LANGUAGES


@pytest.mark.parametrize("language", [language for language, _ in spoken()])
def test_a_language_that_is_offered_says_everything(language: str) -> None:
    english, own = load("en").texts, load(language).texts
    assert set(own) == set(english)
    for message_id, forms in own.items():
        wanted = set().union(*(placeholders(form) for form in english[message_id]))
        for form in forms:
            assert placeholders(form) <= wanted, message_id
        assert set().union(*(placeholders(form) for form in forms)) == wanted, message_id
        assert [form.count("<") for form in forms] == [
            form.count("<") for form in english[message_id][: len(forms)]
        ], message_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_plain_names(language: str) -> None:
    for message_id, forms in load(language).texts.items():
        for form in forms:
            assert all(re.fullmatch(r"[a-z_]+", name) for name in placeholders(form)), message_id


def button_ids() -> set[str]:
    """Return the ids that views give to buttons as they are."""
    found = set()
    for path in (ROOT / "presentation" / "views").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "press":
                label = node.args[0]
                found |= (
                    ids_in(label.args[0]) if isinstance(label, ast.Call) and label.args else set()
                )
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_button_is_not_cut(language: str) -> None:
    texts, known = load(language).texts, button_ids()
    assert "import.link" in known
    # Counts have two digits; other values are cut where they are too long.
    long = {
        form
        for one in known
        for form in texts.get(one, ())
        if set(placeholders(form)) <= {"n"} and len(form.replace("{n}", "12")) > LABEL_MAX
    }
    assert not long


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_keep_to_gettext(language: str) -> None:
    source = path_of(language).read_text(encoding="utf-8")
    assert f'"Language: {language}\\n"' in source
    assert "Plural-Forms" in source
    assert '\nmsgstr ""\n' not in source.split("\n\n", 1)[1], "an empty translation"
    ids = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    assert len(ids) == len(set(ids)), "an id stands twice"


@pytest.mark.parametrize(
    ("family", "values"),
    [
        ("refused", get_args(ReasonId)),
        ("asked", get_args(AskKind)),
        ("remark", get_args(RemarkId)),
    ],
)
def test_the_grammar_says_nothing_without_words(family: str, values: tuple[str, ...]) -> None:
    texts = load("en").texts
    missing = [value for value in values if f"{family}.{value}" not in texts]
    assert not missing


@pytest.mark.parametrize(
    ("folders", "calls", "prefix"),
    [
        (
            ("ledger", "services", "handlers", "storage"),
            ("InputError", "NotFoundError", "NotAllowedError", "UnavailableError"),
            "error",
        ),
        (("services", "handlers"), ("Nothing",), "nothing"),
        (("ai",), ("Refusal",), "receipt.refused"),
    ],
)
def test_what_other_layers_report_has_a_sentence(
    folders: tuple[str, ...], calls: tuple[str, ...], prefix: str
) -> None:
    texts = load("en").texts
    missing = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in calls:
                    missing |= ids_in(node.args[0]) if node.args else set()
    assert not {i for i in missing - OPERATORS if f"{prefix}.{i}" not in texts}


def test_plural_forms_follow_the_number(localizer: Callable[..., Localizer]) -> None:
    t = localizer()
    assert t("receipt.lines", 1) == "1 line"
    assert t("receipt.lines", 12) == "12 lines"
    assert t("receipt.lines", 0) == "0 lines"
    assert localizer("de")("receipt.lines", 1200) == "1.200 Zeilen"


def test_a_language_that_is_silent_speaks_english(localizer: Callable[..., Localizer]) -> None:
    t = localizer("fr")
    assert t("day.yesterday") == "yesterday", "no sentence mixes two languages"
    assert t.dated(date(2026, 11, 20), date(2026, 11, 20)) == "Fri 20 Nov"
    assert t.category_names()["Logement"] == "housing", "typed names count all the same"
    assert t("button.skip") == "Skip"
    assert localizer("tlh")("button.skip") == "Skip"
    assert localizer("de-AT")("button.skip") == "Überspringen"


def test_values_are_escaped_and_a_missing_one_leaves_a_gap(t: Localizer) -> None:
    assert t("entry.brief", amount="<1>", title=t.user("a & <b>")) == "&lt;1&gt; a &amp; &lt;b&gt;"
    assert t("entry.brief", amount="1") == "1 …"
    assert t.plain("entry.brief", amount="1", title="a & <b>") == "1 a & <b>"


def test_an_id_that_nobody_wrote_is_an_error(t: Localizer) -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        t("no.such")


def test_a_chat_has_its_own_category_names(localizer: Callable[..., Localizer]) -> None:
    from ledger.settings import OwnCategory

    own = (
        OwnCategory("groceries", "Food & <co>", "🥕"),
        OwnCategory("garden", "Garden"),
        OwnCategory("travel", "", hidden=True),
    )
    t = localizer(categories=own)
    assert t.category("groceries") == "🥕 Food & <co>"
    assert t("entry.category", category=t.category("groceries")) == "🥕 Food &amp; &lt;co&gt;"
    assert t.category("garden") == "🏷 Garden"
    assert t.category("") == "no category"
    assert "travel" not in t.choosable()
    assert "transfer" not in t.choosable()
    assert t.choosable()[-1] == "garden"
    assert t.choosable("income")[0] == "income"
    names = t.category_names()
    assert names["Garden"] == "garden"
    assert names["Eating out"] == "eating_out"
    assert localizer("de").category_names()["Lebensmittel"] == "groceries"
    assert "Transfer" not in names
    assert localizer("de").scope_names()["Unterwegs"] == "Travel"
    assert t.scope_names()["Entertainment"] == "entertainment"  # the narrower reading wins


def test_scopes_of_budgets_have_names(t: Localizer) -> None:
    assert t.scope("") == "All spending"
    assert t.scope("Food") == "Food"
    assert t.scope("Travel") != t.scope("travel")  # the group is wider than the category


def test_the_same_settings_have_the_same_tongue(t: Localizer) -> None:
    assert localizer_for(t.settings) is t


def test_importing_looks_loads_no_vendor() -> None:
    code = (
        "import sys, presentation.views, presentation.pictures; print([m for m in sys.modules if m in "
        "('babel', 'resvg_py', 'babel.messages')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"


def test_money_is_never_a_float() -> None:
    for path in (
        *VIEWS,
        ROOT / "presentation" / "format.py",
        ROOT / "presentation" / "localizer.py",
    ):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        numbers = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        assert "float" not in names, path.name
        assert not any(isinstance(number, float) for number in numbers), path.name


def test_a_date_that_ends_in_a_full_stop_brings_the_only_one(
    localizer: Callable[..., Localizer],
) -> None:
    t = localizer("de")
    said = [i for i, forms in load("de").texts.items() if any("{date}." in form for form in forms)]
    assert said
    for message_id in said:
        assert "Nov.." not in t(message_id, date="Fr. 20. Nov.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_each_text_once(language: str) -> None:
    """A merge that keeps both sides' texts would show one of them, and nobody knows which."""
    lines = path_of(language).read_text(encoding="utf-8").splitlines()
    pairs = itertools.pairwise(lines)
    assert [b for a, b in pairs if a.startswith('msgstr "') and b.startswith('msgstr "')] == []
    ids = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert len(ids) == len(set(ids))

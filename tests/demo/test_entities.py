"""Markup becomes text and entities, or is refused, as on Telegram."""

from __future__ import annotations

import pytest

from demo.botapi.errors import ApiError
from demo.botapi.formatting.detect import detect_entities
from demo.botapi.formatting.formatted import read_text
from demo.botapi.formatting.parse_html import parse_html
from demo.botapi.formatting.parse_markdown import parse_markdown, parse_markdown_v2
from demo.botapi.requests.params import Params

Entities = list[dict[str, object]]


def span(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, **more, "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>Total</b> 5", "Total 5", [span("bold", 0, 5)]),
        # every spelling of a tag
        ("<strong>a</strong>", "a", [span("bold", 0, 1)]),
        ("<em>a</em>", "a", [span("italic", 0, 1)]),
        ("<ins>a</ins>", "a", [span("underline", 0, 1)]),
        ("<del>a</del>", "a", [span("strikethrough", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [span("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [span("spoiler", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [span("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [span("expandable_blockquote", 0, 1)]),
        ("<B>a</b>", "a", [span("bold", 0, 1)]),
        # an emoji before the entity counts two units
        ("🧾 <i>a</i>", "🧾 a", [span("italic", 3, 1)]),
        # nested: the inner one is closed first
        ("<b>a<i>b</i></b>", "ab", [span("italic", 1, 1), span("bold", 0, 2)]),
        # an empty tag leaves nothing
        ("a<b></b>", "a", []),
        ("a &lt; b &amp;&amp; c &gt; d &quot;", 'a < b && c > d "', []),
        # four names are known, and all numbers
        ("&euro; &#8364; &#x20AC;", "&euro; € €", []),
        # the semicolon may be missing
        ("&lt3", "<3", []),
        (
            '<a href="https://x.org/?a=1&amp;b=2">s</a>',
            "s",
            [span("text_link", 0, 1, url="https://x.org/?a=1&b=2")],
        ),
        # a link without an address, or with an invalid one, is plain text
        ("<a>words</a>", "words", []),
        ('<a href="nowhere">s</a>', "s", []),
        (
            '<pre><code class="language-csv">a,b</code></pre>',
            "a,b",
            [span("pre", 0, 3, language="csv")],
        ),
        ("<code>a</code>", "a", [span("code", 0, 1)]),
        # the name of a closing tag may be left out
        ("<u>a</>", "a", [span("underline", 0, 1)]),
    ],
)
def test_html_becomes_entities(markup: str, text: str, entities: Entities) -> None:
    assert parse_html(markup) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("<lidl>", 'Unsupported start tag "lidl" at byte offset 0'),
        # bytes, not characters: the euro sign has three
        ("€<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("total <b", "Unclosed start tag at byte offset 6"),
        ("<b>total", 'Can\'t find end tag corresponding to start tag "b"'),
        ("total</b>", "Unexpected end tag at byte offset 5"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b ='x'>a</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href='x>a</a>", "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused(markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("plain", "plain", []),
        (
            "*b* _i_ __u__ ~s~ ||x||",
            "b i u s x",
            [
                span("bold", 0, 1),
                span("italic", 2, 1),
                span("underline", 4, 1),
                span("strikethrough", 6, 1),
                span("spoiler", 8, 1),
            ],
        ),
        (r"4\.50 \- done\!", "4.50 - done!", []),
        ("`a.b`", "a.b", [span("code", 0, 3)]),
        ("```\na.b\n```", "\na.b\n", [span("pre", 0, 5)]),
        ("```csv\na,b```", "a,b", [span("pre", 0, 3, language="csv")]),
        ("[s](https://x.org/a)", "s", [span("text_link", 0, 1, url="https://x.org/a")]),
        ("*a _b_*", "a b", [span("italic", 2, 1), span("bold", 0, 3)]),
        (">q\n>r\nend", "q\nr\nend", [span("blockquote", 0, 4)]),
    ],
)
def test_markdown_v2_becomes_entities(markup: str, text: str, entities: Entities) -> None:
    found_text, found = parse_markdown_v2(markup)
    assert (found_text, found) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("4.50", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a - b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("*total", "Can't find end of Bold entity at byte offset 0"),
        ("€ _x", "Can't find end of Italic entity at byte offset 4"),
        ("`x", "Can't find end of Code entity at byte offset 0"),
        ("```x", "Can't find end of Pre entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 3"),
        ("||x", "Can't find end of Spoiler entity at byte offset 0"),
    ],
)
def test_bad_markdown_v2_is_refused(markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markdown_v2(markup)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_old_markdown_does_not_nest() -> None:
    assert parse_markdown(r"*a _b* c\_d") == ("a _b c_d", [span("bold", 0, 4)])
    with pytest.raises(ApiError, match="Can't find end of the entity starting at byte offset 2"):
        parse_markdown("a *b")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("coffee 4.50", []),
        ("/summary month", [span("bot_command", 0, 8)]),
        ("/add@kvitto_demo_bot 5", [span("bot_command", 0, 20)]),
        # a path or a fraction is not a command
        ("either/or 1/2", []),
        ("lunch #work 🧾 #trip", [span("hashtag", 6, 5), span("hashtag", 15, 5)]),
        # a number alone is not a tag
        ("flat #4", []),
        ("ask @anna_k", [span("mention", 4, 7)]),
        ("see https://x.org/a.", [span("url", 4, 15)]),
        ("ann@x.org", [span("email", 0, 9)]),
    ],
)
def test_what_telegram_detects_by_itself(text: str, entities: Entities) -> None:
    assert detect_entities(text) == entities


def test_text_is_trimmed_and_its_entities_with_it() -> None:
    formatted = read_text(Params({"text": "\n <b>a </b>  ", "parse_mode": "html"}))
    assert formatted.text == "a"
    assert formatted.entities == [span("bold", 0, 1)]


def test_nothing_is_detected_inside_code() -> None:
    formatted = read_text(Params({"text": "<code>/undo</code> /redo", "parse_mode": "HTML"}))
    assert formatted.entities == [span("code", 0, 5), span("bot_command", 6, 5)]


def test_a_text_of_exactly_4096_units_passes_after_its_markup_is_gone() -> None:
    markup = f"<b>{'🧾' * 2047}</b>&lt;&gt;"
    assert len(read_text(Params({"text": markup, "parse_mode": "HTML"})).text) == 2049

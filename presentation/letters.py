"""Write mails in the language of a chat, as plain text and as HTML for any mail program.

The HTML has its styles at the elements and no script, since mail programs drop everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape

from ledger.settings import Settings
from ports.answers import Summarised
from ports.jobs import MailSummary
from ports.mail import Letter
from presentation.format import is_right_to_left
from presentation.localizer import Localizer, localizer_for
from presentation.markup import visible

_TAG = re.compile(r"</?([a-z-]+)[^>]*>")
_KEPT = {"b", "i", "u", "s"}
_BODY = (
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;max-width:36em;"
    "margin:0 auto;padding:16px"
)
_SMALL = "font-size:13px;opacity:.75"


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes mails."""

    page_url: str = ""
    """The dashboard; empty where there is none."""

    def code(self, settings: Settings, code: str) -> Letter:
        """Write the mail with a code; no word of it is anybody's but ours."""
        t = localizer_for(settings)
        lines = [t.plain("letter.code.text", code=code), t.plain("letter.code.ignore")]
        html = f'<p>{escape(lines[0])}</p><p style="{_SMALL}">{escape(lines[1])}</p>'
        return Letter(t.plain("letter.code.subject"), "\n\n".join(lines), _page(html, t))

    def summary(self, settings: Settings, mail: MailSummary, stop_url: str) -> Letter:
        """Write a weekly summary as the chat got it, with its picture and the way out."""
        t = localizer_for(settings)
        footer, stop = t.plain("letter.footer"), t.plain("letter.stop")
        text = [visible(mail.html), f"{footer}\n{stop}: {stop_url}"]
        parts = [f"<p>{_as_html(mail.html)}</p>"]
        if mail.drawing:
            # The picture repeats the text, so a program that reads aloud passes it over.
            parts.insert(0, '<img src="cid:picture" alt="" style="width:100%;height:auto">')
        if self.page_url:
            opened = t.plain("letter.open")
            text.insert(1, f"{opened}: {self.page_url}")
            parts.append(f'<p><a href="{escape(self.page_url)}">{escape(opened)}</a></p>')
        way_out = f'<a href="{escape(stop_url)}">{escape(stop)}</a>'
        parts.append(f'<p style="{_SMALL}">{escape(footer)}<br>{way_out}</p>')
        return Letter(mail.subject, "\n\n".join(text), _page("".join(parts), t))


def summary_subject(value: Summarised, t: Localizer, *, today: date) -> str:
    """Return the subject of a weekly summary: its days and what was spent."""
    period = t.dates(value.summary.period, today)
    return t.plain("letter.summary.subject", period=period, spent=value.summary.spent)


def _page(content: str, t: Localizer) -> str:
    direction = "rtl" if is_right_to_left(t.language) else "ltr"
    return (
        f'<!doctype html><html lang="{escape(t.language)}" dir="{direction}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark"></head>'
        f'<body style="{_BODY}">{content}</body></html>'
    )


def _as_html(text: str) -> str:
    """Return a chat's HTML with its lines, and of its tags those alone that every program shows."""
    kept = _TAG.sub(lambda tag: tag[0] if tag[1] in _KEPT else "", text)
    return kept.replace("\n", "<br>\n")

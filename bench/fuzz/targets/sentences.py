"""Words of people inside the bot's sentences: any value leaves valid markup that shows it."""

from __future__ import annotations

import re

from demo.botapi.formatting.parse_html import parse_html
from ledger.settings import Settings
from presentation.localizer import Localizer, localizer_for
from presentation.translations import load

LOCALIZERS: tuple[Localizer, ...] = tuple(
    localizer_for(Settings("EUR", "Europe/Berlin", language)) for language in ("en", "de")
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
IDS = sorted(load("en").texts)
SEEDS = (
    b"\x00\x05\x00<b>Ann</b> & Bo",
    b"\x01\x20\x03{n} {0} {name.__class__} %s",
    b"\x00\x91\x02\xe2\x80\xaeright to left &lt;",
    b"\x01\x44\x00</code></b>.",
)


def enter(data: bytes) -> None:
    """Put the bytes behind the third one into the sentence that the first ones choose."""
    if len(data) < 3:
        return
    t = LOCALIZERS[data[0] % len(LOCALIZERS)]
    message_id = IDS[(data[0] * 256 + data[1]) % len(IDS)]
    value = data[3:].decode("utf-8", "replace")
    number = data[2] if t.words.find(message_id, 1) != t.words.find(message_id, 2) else None
    names = set(_PLACEHOLDER.findall(t.words.get(message_id, number))) - {"n"}
    html = t(message_id, number, **dict.fromkeys(names, value))
    text, _ = parse_html(html)
    if names:
        assert value.replace("\0", "") in text.replace("\0", ""), (message_id, value)

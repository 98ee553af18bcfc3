"""Detect entities in plain text, as commands, mentions, tags and addresses."""

from __future__ import annotations

import re

from demo.botapi.formatting.utf16 import utf16_length
from demo.botapi.world import JsonObject

# Most texts of people hold no entity, and this test is far cheaper than the full pattern.
_HINTS = re.compile(r"[/@#$]|\.\w|://")
_FOUND = re.compile(
    r"""
    (?P<url>https?://[^\s<>"]+[^\s<>".,!?;:)])
    | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])
    | (?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{2,31})(?!\w)
    | (?<!\w)(?P<hashtag>\#(?=\w*[^\W\d])\w{1,256})
    | (?<![\w$])(?P<cashtag>\$[A-Z]{1,8})(?!\w)
    | (?<![\w.@])(?P<bare_url>(?:[a-z0-9-]+\.)+(?:com|org|net|io|de|fr|me|app|dev|eu)(?:/[^\s]*)?)(?!\w)
    """,
    re.VERBOSE,
)


def detect_entities(text: str) -> list[JsonObject]:
    """Return the entities of plain text in order; offsets and lengths in UTF-16 units."""
    if not _HINTS.search(text):
        return []
    found: list[JsonObject] = []
    for match in _FOUND.finditer(text):
        kind = match.lastgroup or ""
        found.append(
            {
                "type": "url" if kind == "bare_url" else kind,
                "offset": utf16_length(text[: match.start()]),
                "length": utf16_length(match.group()),
            }
        )
    return found

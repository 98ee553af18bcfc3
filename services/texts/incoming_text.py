"""Define the text of a person as every capturing service takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ledger.chats import ChatKind
from ledger.settings import Settings
from ledger.text import TextContext


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A message, a caption or an API text with its circumstances."""

    text: str
    source: str
    """The source (see `ledger.entries.source_keys`) from which its entries derive their keys."""
    sent_at: datetime
    """When it was sent, never when it is handled; the day of an entry depends on it."""
    edited_at: datetime | None = None
    """When this version of the message was written; None for the first one."""
    chat_kind: ChatKind = "private"
    """In a group only plain entries are recorded; everything else counts as private."""
    addressed: bool = False
    """A mention of the bot, a reply to it, or a command."""
    command: bool = False
    """The text followed a command: no chatter test."""
    income: bool = False
    """The text followed `/income`: every entry in it is one, whatever its words."""
    category_names: Mapping[str, str] = field(default_factory=dict)
    """Every name by which this ledger may call a category, to the category's id."""
    group_names: Mapping[str, str] = field(default_factory=dict)
    """Every name by which it may call one of the fixed groups of categories, to the group."""

    @property
    def written_at(self) -> datetime:
        """Return when this version of the message was written."""
        return self.edited_at or self.sent_at

    @property
    def spoken_to(self) -> bool:
        """Return whether an answer is expected whatever the words mean."""
        return self.chat_kind == "private" or self.addressed or self.command

    @property
    def scope_names(self) -> dict[str, str]:
        """Return every name by which the scope of a budget may be called, to the scope."""
        return {**self.group_names, **self.category_names}

    def context(self, settings: Settings) -> TextContext:
        """Return the circumstances that the grammar needs."""
        return TextContext(
            chat_kind=self.chat_kind,
            currency=settings.currency,
            language=settings.language,
            timezone=settings.timezone,
            categories=tuple(self.category_names),
            groups=tuple(self.group_names),
            sent_at=self.sent_at,
            addressed=self.addressed,
            command=self.command,
            thousands=settings.thousands,
        )

    def group(self) -> str | None:
        """Return the group of categories that the text names, when it holds nothing else."""
        wanted = self.text.strip(" \t#[].!").casefold()
        found = (group for name, group in self.group_names.items() if name.casefold() == wanted)
        return next(found, None)

    def category_id(self, named: str | None) -> str:
        """Return the id of a category named in the text, or nothing when none was."""
        if named is None:
            return ""
        wanted = named.casefold()
        found = (i for name, i in self.category_names.items() if name.casefold() == wanted)
        return next(found, named)

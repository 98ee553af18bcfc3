"""Choose the categories of entries, and learn from a person's choices.

The chat's exact memory decides first (note, then merchant), then the categoriser with the chat's
own small model. Below `SURE` an entry gets the best guess and three others are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ledger.categories import merchant_key, note_key
from ledger.entries.entry import Entry
from ports.categorising import Categoriser, Correction, Guess
from services.categories.memories import Memories
from services.entries.recording import Recorder
from services.scope import Scope

OFFERED_MAX = 3
INCOME = "income"
UNKNOWN = "other"
LINES_MAX = 40
LINES_MIN = 3
LINES_SHARE = 0.7
"""A receipt is categorised by its lines alone when so many agree with so much of the weight."""
_NEVER_SPENT = frozenset({INCOME, "transfer"})


@dataclass(frozen=True, slots=True)
class Categorised:
    """An entry with its category and the likeliest other ones."""

    entry: Entry
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Categorisation:
    """Chooses categories and learns from corrections."""

    categoriser: Categoriser
    memories: Memories

    def knows(self, note: str, language: str) -> bool:
        """Return whether a note is known as an entry's, which tells it from a group's chatter."""
        return self.categoriser.guess(note, language=language).known

    def list_near(self, words: str, language: str) -> tuple[str, ...]:
        """Return the categories that known words are spent in, likeliest first; else none."""
        guesses = self.categoriser.guess(words, language=language)
        if not guesses.known:
            return ()
        ranked = [g.category for g in guesses.ranked if g.category not in _NEVER_SPENT]
        return tuple(ranked[:OFFERED_MAX])

    def categorise(
        self, scope: Scope, entries: Sequence[tuple[Entry, tuple[str, ...]]]
    ) -> list[Categorised]:
        """Give each entry without a category one; one statement for all exact memories.

        The names of its receipt's lines come with each entry and decide where the merchant does
        not.
        """
        open_entries = [e for e, _ in entries if not e.category and e.type == "expense"]
        learned = self._learned(scope, open_entries)
        return [self._file(scope, entry, lines, learned) for entry, lines in entries]

    def complete(self, scope: Scope, entry: Entry) -> Entry:
        """Return an entry with a category, guessed where it has none that fits its type."""
        return self.categorise(scope, [(entry, ())])[0].entry

    def _learned(self, scope: Scope, entries: Sequence[Entry]) -> dict[tuple[str, str], str]:
        keys = list({key for entry in entries for key in keys_of(entry)})
        if not keys:
            return {}
        found = scope.repositories.corrections.find(scope.ledger.id, keys)
        return {(c.kind, c.key): c.category for c in found}

    def _file(
        self,
        scope: Scope,
        entry: Entry,
        lines: tuple[str, ...],
        learned: dict[tuple[str, str], str],
    ) -> Categorised:
        if entry.type != "expense":
            return Categorised(replace(entry, category=entry.category or INCOME))
        if entry.category and entry.category != INCOME:
            return Categorised(entry)
        for key in keys_of(entry):
            # A lesson from an income does not hold for spending.
            if key in learned and learned[key] not in _NEVER_SPENT:
                return Categorised(replace(entry, category=learned[key]))
        return self._guess(scope, entry, lines)

    def _guess(self, scope: Scope, entry: Entry, lines: tuple[str, ...]) -> Categorised:
        guesses = self.categoriser.guess(
            entry.note or entry.merchant or "",
            merchant=entry.merchant,
            language=scope.settings.language,
            memory=self.memories.of(scope.repositories, scope.ledger.id, scope.now),
        )
        ranked = [g for g in guesses.ranked if g.category not in _NEVER_SPENT]
        sure = bool(ranked) and guesses.sure and guesses.best is ranked[0]
        order = [g.category for g in ranked] or [UNKNOWN]
        if lines and not sure:
            order, sure = self._ask_lines(ranked, lines, scope.settings.language)
        others = tuple(order[1 : OFFERED_MAX + 1])
        guessed = replace(entry, category=order[0], category_guessed=not sure)
        return Categorised(guessed, others)

    def list_alternatives(
        self, scope: Scope, entry: Entry, lines: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Return the categories that an entry with a guessed one may have, likeliest first."""
        again = self._guess(scope, entry, lines)
        order = (again.entry.category, *again.alternatives)
        return tuple(one for one in order if one != entry.category)[:OFFERED_MAX]

    def _ask_lines(
        self, ranked: Sequence[Guess], lines: tuple[str, ...], language: str
    ) -> tuple[list[str], bool]:
        """Let a receipt's lines vote, each by its confidence; the merchant has one full vote."""
        votes = {guess.category: guess.confidence for guess in ranked}
        for line in lines[:LINES_MAX]:
            best = self.categoriser.guess(line, language=language).best
            if best.category not in _NEVER_SPENT:
                votes[best.category] = votes.get(best.category, 0.0) + best.confidence
        order = sorted(votes, key=lambda category: -votes[category])
        total = sum(votes.values())
        sure = len(lines) >= LINES_MIN and votes[order[0]] >= LINES_SHARE * total
        return order, sure

    def learn(self, scope: Scope, recorder: Recorder, entry: Entry, category: str) -> bool:
        """Remember a person's choice for this note (or, without one, this merchant)."""
        keys = keys_of(entry)
        if not keys or category in _NEVER_SPENT:
            return False
        kind, key = keys[0]
        correction = Correction("note" if kind == "note" else "merchant", key, category)
        # Ask before the row is written, because a memory built from it would know the lesson
        # already.
        memory = self.memories.of(scope.repositories, entry.ledger_id, scope.now)
        before = scope.repositories.corrections.put(entry.ledger_id, correction, scope.now)
        recorder.correction(before, correction)
        memory.learn(entry.note or entry.merchant or "", entry.merchant, category)
        # The unit may still be rolled back, so the next guess builds a new memory from the rows.
        self.memories.drop(entry.ledger_id, scope.now)
        return True


def keys_of(entry: Entry) -> list[tuple[str, str]]:
    """Return the (kind, key) pairs by which a chat may remember an entry, the strongest first."""
    keys = []
    if entry.note and (key := note_key(entry.note)):
        keys.append(("note", key))
    if entry.merchant and (key := merchant_key(entry.merchant)):
        keys.append(("merchant", key))
    return keys

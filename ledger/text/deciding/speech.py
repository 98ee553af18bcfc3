"""Find words that oppose a line's being an entry, such as questions, codes and sentences.

Every word of the chat's own language counts, and so does every word of the language that most words
of the message belong to. A word of yet another one counts at once when it is long or of another script;
short ones (`es`, `ma`, `hat`) count only in company.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ledger.text.lines.line import LINK, SPACELESS_WORD, TextLine
from ledger.text.vocabulary import Meaning

LONG_WORD = 5
"""Letters from which on a single foreign word is evidence."""

COMPANY = 2
"""Words that make a language, or turn hints into evidence."""
_NOT_LATIN, _CJK = "\u0250", "\u2e80"

_ROLES = frozenset(
    [
        "question",
        "question_first",
        "subject",
        "states",
        "auxiliary",
        "verb",
        "code",
        "plan",
        "polite",
        "price",
        "paid",
        "hedge",
        "measure",
        "rate",
        "debt",
        "negation",
    ]
)


@dataclass(slots=True)
class Speech:
    """The evidence of one message, over all its lines."""

    roles: set[str] = field(default_factory=set)
    """Roles that were found: `question`, `code`, `plan`, `polite`, `price`, `paid`, `states`, …"""
    verb: bool = False
    """A verb that is neither one of paying nor only helps one."""
    verbs: list[tuple[TextLine, int]] = field(default_factory=list)
    """The positions of such verbs."""
    helping: bool = False
    """A verb that is chatter, unless it helps one of paying: have, habe, ho."""
    subject: bool = False
    link: bool = False
    fluent: frozenset[str] = frozenset()
    """Languages whose every word counts."""

    @property
    def question(self) -> bool:
        """Return whether something is asked."""
        return "question" in self.roles

    @property
    def paid(self) -> bool:
        """Return whether a verb of paying is there."""
        return "paid" in self.roles

    @property
    def sentence(self) -> bool:
        """Return whether somebody tells something."""
        return self.verb or self.subject or self.helping or "states" in self.roles


_Hint = tuple[int, str, bool]
"""Position, role, and whether it helps a verb of paying: evidence that needs company."""


def gather_speech(lines: list[TextLine]) -> Speech:
    """Gather the evidence in the words of all lines."""
    speech = Speech(fluent=_fluent(lines))
    weak: dict[str, list[_Hint]] = defaultdict(list)
    for line in lines:
        _note_line(line, speech, weak)
    for found in weak.values():
        if len({at for at, _, _ in found}) >= COMPANY:
            for _, role, helps in found:
                _note(speech, role, helps=helps)
    return speech


def _fluent(lines: list[TextLine]) -> frozenset[str]:
    """Return the chat's language, and the one that knows more of the words than it does."""
    known: Counter[str] = Counter()
    for line in lines:
        vocabulary = line.context.vocabulary
        for at in range(len(line.tokens)):
            if line.is_word(at):
                known.update(vocabulary.languages_of(line.key(at)))
    own = lines[0].context.vocabulary.language if lines else ""
    fluent = {own, ""}
    for language, count in known.most_common(2):
        if count >= COMPANY and count > known[own]:
            fluent.add(language)
    return frozenset(fluent)


def _note_line(line: TextLine, speech: Speech, weak: dict[str, list[_Hint]]) -> None:
    at = 0
    while at < len(line.tokens):
        token = line.tokens[at]
        if token.kind == LINK:
            speech.link = True
        if token.key == "?" and not (line.owners[at]):
            speech.roles.add("question")
        length = 1
        if line.owners[at] not in ("day", "annotation", "amount") or token.kind == SPACELESS_WORD:
            length = _note_word(line, at, speech, weak)
        at += length
    _note_endings(line, speech)


def _note_word(line: TextLine, at: int, speech: Speech, weak: dict[str, list[_Hint]]) -> int:
    """Note the roles of the longest phrase that starts here; return its length in tokens."""
    meanings = line.meanings[at]
    if not meanings:
        return 1
    length = max(m.length for m in meanings)
    said = [m for m in meanings if m.length == length]
    if length > 1 and any(m.role == "plain" and m.language in speech.fluent for m in said):
        return length
    if _asks_to_add(line, at) or any(m.role in _MONEY_MOVES for m in said):
        said = [m for m in said if m.role != "verb"]
    for meaning in said:
        if meaning.role not in _ROLES:
            continue
        if meaning.role == "question_first" and any(line.is_word(i) for i in range(at)):
            continue
        role = "question" if meaning.role == "question_first" else meaning.role
        helps = any(m.role == "auxiliary" and m.language == meaning.language for m in said)
        if _counts_alone(line, at, meaning, speech.fluent):
            if role == "verb" and not helps:
                speech.verbs.append((line, at))
            _note(speech, role, helps=helps)
        else:
            weak[meaning.language].append((at, role, helps))
    return length if any(m.role in _ROLES for m in said) else 1


_MONEY_MOVES = ("income", "came_in", "gave_out", "sold")


def _asks_to_add(line: TextLine, at: int) -> bool:
    """Return whether a message to the bot begins by asking to book something: add 12 lunch."""
    return not at and line.context.chat.spoken_to and line.role(at, "adding") is not None


def _counts_alone(line: TextLine, at: int, meaning: Meaning, fluent: frozenset[str]) -> bool:
    if meaning.language in fluent or meaning.length > 1:
        return True
    if meaning.role == "code":
        return True  # a password narrative in any language is one
    key = line.key(at)
    if meaning.language == "en":
        return len(key) > 1  # English is typed in every chat
    if key[0] >= _CJK:
        return len(key) > 1  # one sign is part of many words
    return len(key) >= LONG_WORD or key[0] >= _NOT_LATIN


def _note(speech: Speech, role: str, *, helps: bool) -> None:
    if role == "verb":
        if helps:
            speech.helping = True
        else:
            speech.verb = True
    elif role == "subject":
        speech.subject = True
    else:
        speech.roles.add(role)


def _note_endings(line: TextLine, speech: Speech) -> None:
    """Note verbs by their endings, where a language annotations them so."""
    endings = line.context.vocabulary.tables.endings
    own = line.context.vocabulary.language
    languages = {own, "ru", "uk", "ko", "tr"}
    for at, token in enumerate(line.tokens):
        if not line.is_word(at):
            continue
        if token.kind == SPACELESS_WORD:
            speech.verb |= _ends_run(line, at) and _run_before(line, at).endswith(endings["ja"])
        elif len(token.key) >= LONG_WORD and not line.role(at, *_NO_VERBS):
            speech.verb |= any(token.key.endswith(endings.get(key) or "\0") for key in languages)


_NO_VERBS = ("plain", "paid", "income", "auxiliary")


def _ends_run(line: TextLine, at: int) -> bool:
    """Return whether a run without spaces ends here, and not with a verb of paying."""
    after = at + 1
    goes_on = line.touches(after) and line.tokens[after].kind == SPACELESS_WORD
    return not goes_on and not line.role(at, "paid", "income", "plain")


def _run_before(line: TextLine, at: int) -> str:
    """Return the run without spaces that ends with this token; amounts part it."""
    start = at
    while line.touches(start) and line.tokens[start - 1].kind == SPACELESS_WORD:
        if line.owners[start - 1] == "amount":
            break
        start -= 1
    return "".join(line.key(i) for i in range(start, at + 1))


def is_only_speech(line: TextLine, start: int, end: int) -> bool:
    """Return whether every free word of a range is a word of speech or no word of a note: she is, ей."""
    words = [i for i in range(start, end) if line.is_word(i) and not line.owners[i]]
    return bool(words) and all(
        line.role(i, "subject", "auxiliary", "states", "verb", "plain", "article") for i in words
    )

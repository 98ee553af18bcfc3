"""Take a question of a person: read it, answer it, and keep it for what they ask next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from ledger.inquiries import InquiryContext, Names, Query, QueryFilter, read_inquiry
from ledger.inquiries.answers import InquiryAnswer, InquiryAsked, InquiryDeclined
from ledger.inquiries.followups import patch
from ledger.inquiries.query import Declined, Doubt, Inquiry, Op, Understood
from ledger.inquiries.reading import read_followup
from ledger.inquiries.wire import load_query, query_fields
from ledger.questions import Question
from ports.answers import BudgetsShown, Page, Summarised
from services.categories.categorising import Categorisation
from services.inquiries import planned
from services.inquiries.executing import run_query
from services.inquiries.filters import filter_of, loosen
from services.reporting.reports import PAGE_LIMIT, list_page, summarise
from services.reporting.trips import calendar_with_trips
from services.scope import Scope
from services.texts.incoming_text import IncomingText

FOLLOWED_WITHIN = timedelta(minutes=10)
"""The last question of a person can be added to for so long."""
NAMES_MAX = 3000
"""The latest entries whose shops and tags are names of the chat."""
CATEGORIES_MAX = 2
"""Categories that are offered for words that no entry has."""
LISTED_MAX = 20
"""Entries of a list that names its number."""
KIND = "inquiry"
"""The kind of the stored rows that keep each person's last query; none waits for an answer."""

InquiryResult = BudgetsShown | InquiryAnswer | InquiryAsked | InquiryDeclined | Page | Summarised


@dataclass(frozen=True, slots=True)
class Inquiries:
    """Answers questions about the ledger."""

    categorisation: Categorisation

    def ask(self, scope: Scope, text: IncomingText) -> InquiryResult:
        """Answer the words behind `/ask`."""
        if not text.text.strip():
            return InquiryDeclined("empty")
        # Tried first, because `and in May?` would be a whole question behind `/ask`.
        followed = self._follow(scope, text)
        found = followed or read_inquiry(text.text, self._context(scope, text))
        return self._answer(scope, found, text.text)

    def answer_typed(self, scope: Scope, text: IncomingText) -> InquiryResult | None:
        """Answer a message that can be nothing but a question; None for any other."""
        chat = text.context(scope.settings)
        # Names cost a statement, so words that ask for nothing are told apart without them.
        bare = read_inquiry(text.text, InquiryContext(chat))
        if not bare.is_plain:
            followed = self._follow(scope, text)
            return self._answer(scope, followed, text.text) if followed else None
        found = read_inquiry(text.text, self._context(scope, text))
        return self._answer(scope, found, text.text) if found.is_plain else None

    def run(self, scope: Scope, query: Query) -> InquiryResult:
        """Answer a query, and keep it for what the person asks next."""
        self._keep(scope, query)
        if query.op == "total" and _is_summary(query):
            # The summary shows all spending of a period whole.
            period = query.filter.period or scope.settings.calendar.of("month", scope.today)
            return summarise(scope, period)
        answer = _RUNNERS.get(query.op, run_query)(scope, query)
        if isinstance(answer, InquiryAnswer) and _finds_no_words(answer):
            return self._with_categories(scope, answer)
        return answer

    def _with_categories(self, scope: Scope, answer: InquiryAnswer) -> InquiryAnswer:
        """Offer the categories of words that no entry has, such as those of another language."""
        words, language = answer.query.filter.words, scope.settings.language
        found = self.categorisation.list_near(words, language)
        return replace(answer, categories=found[:CATEGORIES_MAX])

    def _answer(self, scope: Scope, found: Inquiry, words: str) -> InquiryResult:
        if isinstance(found, Declined):
            return InquiryDeclined(found.reason, words)
        if isinstance(found, Doubt):
            members = tuple(scope.repositories.chats.members(scope.ledger.id))
            return InquiryAsked(found.kind, found.words, found.options, members)
        return self.run(scope, found.query)

    def _context(self, scope: Scope, text: IncomingText) -> InquiryContext:
        merchants, tags = scope.repositories.entries.named(scope.ledger.id, NAMES_MAX)
        members = scope.repositories.chats.members(scope.ledger.id)
        names = Names(
            categories=text.scope_names,
            merchants=tuple(merchants),
            # In a chat of one person everything is theirs.
            members=tuple(one.name for one in members) if len(members) > 1 else (),
            tags=tuple(tags),
        )
        return InquiryContext(text.context(scope.settings), names, calendar_with_trips(scope))

    # --- what is asked next

    def _follow(self, scope: Scope, text: IncomingText) -> Inquiry | None:
        """Return the last query with what these words change of it; None if they change nothing."""
        before = self._last(scope)
        if before is None:
            return None
        added = read_followup(text.text, self._context(scope, text))
        if added is None or isinstance(added, Declined):
            return added
        return Understood(patch(before, added), is_plain=True)

    def _last(self, scope: Scope) -> Query | None:
        kept = scope.repositories.conversations.last_of_kind(scope.ledger.id, scope.actor, KIND)
        if kept is None or scope.now - kept.asked_at > FOLLOWED_WITHIN:
            return None
        return load_query(kept.values)

    def _keep(self, scope: Scope, query: Query) -> None:
        # One row a person: what is not an entry is not kept, apart from the last question.
        kept_id = f"{KIND}:{scope.ledger.id}:{scope.actor}"
        fields, now = query_fields(query), scope.now
        scope.repositories.conversations.keep_last(
            Question(kept_id, scope.ledger.id, scope.actor, KIND, fields, now, settled=True)
        )


def _list(scope: Scope, query: Query) -> Page:
    which = loosen(scope, filter_of(scope, query))
    return list_page(scope, which, limit=min(query.limit or PAGE_LIMIT, LISTED_MAX))


_RUNNERS: dict[Op, Callable[[Scope, Query], InquiryResult]] = {
    "owed": lambda *_: InquiryDeclined("splits_later"),
    "budget_left": planned.budget_left,
    "projection": planned.projected,
    "recurring": planned.recurring,
    "price": planned.price,
    "list": _list,
}


def _finds_no_words(answer: InquiryAnswer) -> bool:
    """Return whether no entry of any time and no receipt has the words of a question."""
    missed = answer.figures.is_empty and answer.latest is None and answer.lines is None
    return missed and bool(answer.query.filter.words) and not answer.near


def _is_summary(query: Query) -> bool:
    """Return whether all spending of a period is asked for."""
    everything = replace(query.filter, period=None) == QueryFilter()
    return everything and query.by is None and query.type == "expense"

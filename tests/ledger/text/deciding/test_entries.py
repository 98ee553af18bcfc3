"""`free-text.md`, section Entries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.text import TextContext, parse_message

Say = Callable[..., str]
Chat = Callable[..., TextContext]

FOOD = ("Food", "Transport", "Eating out", "Еда")

ENTRIES = [
    ("coffee 4.50", "4.50 EUR <coffee>"),  # the amount last
    ("4.50 coffee", "4.50 EUR <coffee>"),  # the amount first means the same
    ("coffee 4.50 to go", "4.50 EUR <coffee to go>"),  # in the middle, the only candidate
    ("100", "100.00 EUR <>"),  # bare: kept without a note
    ("Café ☕ crème 4.50", "4.50 EUR <Café ☕ crème>"),  # own spelling and emojis
    ("👩‍👩‍👧 zoo 45", "45.00 EUR <👩‍👩‍👧 zoo>"),  # joined emojis stay whole
    ("lunch (250)", "250.00 EUR <lunch>"),  # parentheses go with the number
    ("lunch (large) 12", "12.00 EUR <lunch (large)>"),  # others stay
    ("lunch 250!", "250.00 EUR <lunch>"),  # orphaned punctuation goes
    ("lunch - 250", "250.00 EUR <lunch>"),  # a dash joins words and number
    ("lunch -> 12", "12.00 EUR <lunch>"),  # an arrow too
    ("- milk 2", "2.00 EUR <milk>"),  # a bullet is no sign
    ("1) milk 2", "2.00 EUR <milk>"),  # a list's number is no amount
    ("groceries: 120", "120.00 EUR <groceries>"),  # a colon ends the note
    ("13.5 for coffee", "13.50 EUR <coffee>"),  # a connecting word at the edge goes
    ("pizza for 12€", "12.00 EUR <pizza>"),  # at the other edge too
    ("spent 50k on taxi", "50000.00 EUR <spent on taxi>"),  # inside it stays, verbs stay
    ("Disney+ 9", "9.00 EUR <Disney+>"),  # a name's plus is no income
    ("12 Canal+", "12.00 EUR <Canal+>"),
    ("gift +5", "+5.00 EUR <gift>"),
    ("lunch with Bo 12", "12.00 EUR <lunch with Bo>"),  # `with` connects nothing of ours
]

SEVERAL = [
    ("coffee 4.50, tea 3", "4.50 EUR <coffee> | 3.00 EUR <tea>"),  # comma
    ("12,50 lunch", "12.50 EUR <lunch>"),  # a decimal comma parts nothing
    ("coffee 4,50, tea 3", "4.50 EUR <coffee> | 3.00 EUR <tea>"),  # both commas
    ("coffee 4;tea 3", "4.00 EUR <coffee> | 3.00 EUR <tea>"),  # semicolon
    ("coffee 4\ntea 3", "4.00 EUR <coffee> | 3.00 EUR <tea>"),  # lines
    ("coffee 4 + tea 3", "4.00 EUR <coffee> | 3.00 EUR <tea>"),  # plus between words
    ("coffee 4 & tea 3", "4.00 EUR <coffee> | 3.00 EUR <tea>"),  # ampersand
    ("coffee 4 and tea 3", "4.00 EUR <coffee> | 3.00 EUR <tea>"),  # the word
    ("mac and cheese 12", "12.00 EUR <mac and cheese>"),  # not every part has an amount
    ("rice, eggs, milk 450", "450.00 EUR <rice, eggs, milk>"),  # nor here
    ("coffee 4, tea and cake 7", "4.00 EUR <coffee> | 7.00 EUR <tea and cake>"),  # words join on
    ("lunch 12 + 3 tip", "12.00 EUR <lunch> | 3.00 EUR <tip>"),  # each has words of its own
    ("12 lunch + 3 tip", "12.00 EUR <lunch> | 3.00 EUR <tip>"),  # the amounts before them too
    ("4 tea +3 bun + 2 cake", "4.00 EUR <tea> | 3.00 EUR <bun> | 2.00 EUR <cake>"),
    ("12 lunch + 3", "refused malformed"),  # two entries, or a sum, or an income: none is sure
    ("Disney+ 9 + Canal+ 12", "9.00 EUR <Disney+> | 12.00 EUR <Canal+>"),
    ("tea 4, gift +5", "4.00 EUR <tea> | +5.00 EUR <gift>"),  # a sign, behind a comma
    ("12 + 3.5 lunch", "15.50 EUR <lunch>"),  # bare numbers add
    ("lunch 12+3.5", "15.50 EUR <lunch>"),  # without spaces too
    ("午饭35，晚饭60", "35.00 EUR <午饭> | 60.00 EUR <晚饭>"),  # wide comma
    ("午饭35、打车20；咖啡9", "35.00 EUR <午饭> | 20.00 EUR <打车> | 9.00 EUR <咖啡>"),  # others
    ("Groceries:\nmilk 2\nbread 3", "2.00 EUR <milk> | 3.00 EUR <bread>"),  # a heading is dropped
    ("Lunch\nwith Bo\n12", "12.00 EUR <Lunch with Bo>"),  # lines join the only entry
    ("coffee 4\ntea 0", "4.00 EUR <coffee> | bad 'tea 0' zero"),  # each stands alone
    ("coffee 4, tea 3, thanks", "4.00 EUR <coffee> | 3.00 EUR <tea> | bad 'thanks' no_amount"),
    ("lunch 15 taxi 8", "15.00 EUR <lunch> | 8.00 EUR <taxi>"),  # words of its own for each
    ("coffee 4.50 tea 3.20", "4.50 EUR <coffee> | 3.20 EUR <tea>"),  # short words are words
]


@pytest.mark.parametrize(("text", "meaning"), ENTRIES)
def test_an_entry_is_an_amount_with_its_note(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


@pytest.mark.parametrize(("text", "meaning"), SEVERAL)
def test_a_message_holds_as_many_entries_as_have_amounts(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


LABELS = [
    ("lunch 12 [Food]", ("Food", (), None)),  # bracket
    ("lunch 12 #food", ("Food", (), None)),  # hash
    ("lunch 12 #eatingout", ("Eating out", (), None)),  # hash without the blank
    ("lunch 12 :food", ("Food", (), None)),  # colon
    ("lunch 12 eating out", ("Eating out", (), None)),  # the name itself
    ("food 12", ("Food", (), None)),  # the name alone: it is the note too
    ("lunch 12 #work #food", ("Food", ("work",), None)),  # a tag beside it
    ("lunch 12 @max", (None, (), "max")),  # a person
    ("#a #b lunch 12", (None, ("a", "b"), None)),  # tags in their order
    ("lunch 12 [Nothing]", (None, (), None)),  # no category of this chat
    ("обед 350 #еда", ("Еда", (), None)),  # another script
]


@pytest.mark.parametrize(("text", "labels"), LABELS)
def test_marks_stand_beside_the_note(chat: Chat, text: str, labels: tuple[object, ...]) -> None:

    (entry,) = parse_message(text, chat(categories=FOOD)).entries
    assert (entry.category, entry.tags, entry.person) == labels


NOTES = [
    ("lunch 12 [Food]", "lunch"),  # the annotation goes
    ("food 12", "food"),  # a name alone stays, else there would be no note
    ("lunch #12345 12", "lunch #12345"),  # no tag
    ("lunch 12 [Nothing]", "lunch [Nothing]"),  # words of the person's own
]


@pytest.mark.parametrize(("text", "note"), NOTES)
def test_the_note_loses_the_marks_that_were_understood(chat: Chat, text: str, note: str) -> None:

    (entry,) = parse_message(text, chat(categories=FOOD)).entries
    assert entry.note == note


COMMANDS = [
    ("/add 5.50 coffee", "5.50 EUR <coffee>"),
    ("/add@kvitto_bot 5.50 coffee", "5.50 EUR <coffee>"),
    ("/add lunch 250?", "250.00 EUR <lunch>"),  # no chatter test behind a command
    ("/income 500 Ann", "+500.00 EUR <Ann>"),
    ("/add coffee", "refused no_amount"),
    ("/find coffee 5", "ignored other_command"),  # somebody else's command, in a group
]


@pytest.mark.parametrize(("text", "meaning"), COMMANDS)
def test_a_command_makes_a_group_private(say: Say, text: str, meaning: str) -> None:
    assert say(text, chat_kind="group") == meaning


REFUSED = [
    ("lunch 250?", "refused question | ask record_anyway"),  # a question
    ("she is 34", "refused sentence | ask record_anyway"),  # plainly no money
    ("somos 6 para cenar", "refused sentence | ask record_anyway"),
    ("482913 is your login code", "refused code | ask record_anyway"),
    ("bring 2 chairs", "refused sentence | ask record_anyway"),  # a number in passing
    ("bus 42 is late again", "refused sentence | ask record_anyway"),
    ("we lost 0-2", "refused negative"),
    ("the soup is 12€", "12.00 EUR <the soup is>"),  # money all the same
    ("we spent 30 on lunch", "30.00 EUR <we spent on lunch>"),  # a verb of paying
    ("coffee", "refused no_amount"),
    ("", "refused empty"),
    ("/start", "refused other_command"),
]


@pytest.mark.parametrize(("text", "meaning"), REFUSED)
def test_a_private_refusal_says_why_and_offers_to_record(say: Say, text: str, meaning: str) -> None:
    assert say(text) == meaning


def test_the_offer_holds_what_would_be_booked(chat: Chat) -> None:

    parsed = parse_message("lunch 250?", chat())
    assert parsed.ask is not None
    (option,) = parsed.ask.options
    assert [(str(e.amount), e.note) for e in option.entries] == [("250.00", "lunch")]


def test_the_readings_of_a_question_are_offered_the_most_probable_first(chat: Chat) -> None:
    ask = parse_message("coffee $12 €10", chat()).ask
    assert ask is not None
    offered = [[(str(e.amount), e.note) for e in option.entries] for option in ask.options]
    assert [("10.00", "coffee $12")] in offered
    assert [("12.00", "coffee €10")] in offered


def test_too_many_numbers_are_a_table_and_no_message(say: Say) -> None:
    assert say("coffee 1, " * 101) == "refused too_many"
    assert say("1 " * 2000) == "refused too_many"

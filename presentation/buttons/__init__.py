"""Build the actions of buttons, all in one place; `handlers.buttons.actions` runs them.

A button has an `Action(name, args)`; the keyboard's row keeps it, Telegram sees an opaque id.
Args are JSON: dates ISO text, money integers of minor units.

| name | args | means |
|---|---|---|
| `categories` | entry_id | show the category grid in place of the buttons |
| `category` | entry_id, category_id | give the entry this category and remember it |
| `show` | entry_id | back to the confirmation, in place |
| `open` | entry_id | the entry in detail, as a message of its own |
| `correct` | entry_id, words | correct that entry by these words (the person was asked which) |
| `dates` | entry_id | offer days for the entry, in place |
| `date` | entry_id, day | move the entry to that day |
| `merchant` | entry_id, name | set or confirm the shop |
| `edit` | entry_id | everything that can be changed, in place |
| `calendar` | entry_id, month | the days of a month (its first day), in place |
| `prompt` | entry_id, field | ask for the `amount`, `merchant` or `note` to be typed, in place |
| `payers` | entry_id | offer the members who may have paid, in place |
| `payer` | entry_id, user_id | set who paid |
| `again` | entry_id | book the same for today |
| `currencies` | entry_id | offer currencies for the entry, in place |
| `currency` | entry_id, code | set or confirm the currency |
| `delete` | entry_id | take the entry out |
| `restore` | entry_id | bring the deleted entry of this message back |
| `picture` | entry_id | send the receipt's picture |
| `answer` | question_id, index | answer a question by its option, or by `ledger.questions.NONE_OF_THEM` or `DELETE` |
| `page` | filter, trail, redraws | a page of entries, in place; filter: `ledger.entries.filter_fields`; trail: cursors `[day, entry_id]` so far; redraws: below the picture of its summary |
| `look` | entry_id, filter, trail | an entry with its receipt, in place of the page that lists it below a picture |
| `entries` | start, end, kind | the entries of a period, as a message of its own |
| `found` | filter | the entries of a filter, as a message of its own |
| `inquiry` | query | the answer to a question, as a message of its own; query: `ledger.inquiries.wire` |
| `summary` | filter | the summary of a filter, which has a period |
| `budgets` | | all budgets |
| `budget_set` | scope, limit_minor, currency, per, trip, carry | set a budget; trip: first and last day |
| `budget_pick` | scope | how to set a budget for that scope |
| `budget_off` | scope, per, trip | remove the budget; trip: first and last day |
| `rate_set` | source, target, value, on | set a rate of the chat, after its figure was doubted |
| `settings` | page, place | a page of the settings, in place; place: where in a long list |
| `set` | name, value, page | change a setting, show that page again |
| `set_all` | values, page | change several settings at once, show that page again |
| `set_up` | step, place | a step of the onboarding, in place |
| `set_up_with` | name, value, step | change a setting, go on to that step |
| `help` | topic | a topic of the help, in place |
| `import_answer` | import_id, property, value | answer a question about a file; it is read again |
| `import_write` | import_id, with_probable, with_links | write the rows of a file |
| `import_page` | import_id, page, at | show another page of a preview |
| `import_list` | import_id | send the rows of a preview as a file |
| `import_cancel` | import_id | leave a file out |
| `import_reverse` | import_id, redo | undo or redo an import |
| `export` | format | send everything as a file of that format |
| `forget` | | delete everything, confirmed |
| `open_questions` | | the questions that wait, each as a message with its buttons |
| `pause` | days | let pushes wait until the morning after so many days; 0: no longer |
| `stop_push` | kind | send no more pushes of this kind |
| `pin_card` | | show the card in this place and pin it |
| `run` | command, words | run a command whose name was misspelt |
| `amount_right` | entry_id | confirm the amount of a bill that varies |
| `series_list` | | all series |
| `series` | series_id, page | a page of the card of a series, in place |
| `series_set` | series_id, name, value, page | change one thing of a series (`ledger.recurring.editing`), show that page |
| `series_remove` | series_id | remove a series; its entries stay |
| `series_amount` | series_id, minor, currency, reach | another amount of the latest entry, from now on, or of all |
| `series_another` | fields, stepped | one more series of a name that is there; fields: `ledger.recurring.fields` |
| `series_follow` | entry_id, reach | let a series be like its entry, from now on or all of it |
| `series_undo` | operation_id | delete the entries of one booking |
| `undo_own` | | undo the last change of the person who presses, whatever was booked by itself since |
| `series_pay` | series_id, day | book a bill of which a person was reminded |
| `feed` | change | `show`, make (`new`) or end (`off`) the calendar link of the ledger |
| `offer_take` | key | make a series of what comes again |
| `offer_refuse` | key | never make this offer again |
| `tokens` | | the tokens of the ledger, in place |
| `token_make` | preset | make a token with the scopes of `services.access.tokens.PRESETS`, shown once |
| `token_revoke` | token_id | revoke a token |
| `insight_entries` | filter | the entries behind an insight |
| `insight_budget` | category, limit_minor, currency | set a monthly budget that was proposed |
| `insight_no` | kind, object | never tell this kind of insight about this object again |
| `insight_yes` | kind, object | take that back |
| `wording` | | the instruction by which a model phrases insights |
| `wording_set` | words | set that instruction, in place; empty: delete it |
| `sign_out` | | end all sessions of the person who presses |
| `mail_weekly` | on | switch the weekly mail of the person who presses |
| `mail_remove` | | remove the address of the person who presses |
| `dismiss` | | take the buttons away, nothing else |
"""

from presentation.buttons.cards import (
    again,
    amount_right,
    answer,
    calendar,
    categories,
    category,
    correct,
    currencies,
    currency,
    dates,
    delete,
    edit,
    merchant,
    move,
    open_entry,
    payer,
    payers,
    picture,
    prompt,
    restore,
    show,
)
from presentation.buttons.files import (
    export,
    import_answer,
    import_cancel,
    import_list,
    import_page,
    import_reverse,
    import_write,
)
from presentation.buttons.insights import (
    insight_budget,
    insight_entries,
    insight_no,
    insight_yes,
    wording,
    wording_set,
)
from presentation.buttons.limits import (
    budget_off,
    budget_pick,
    budget_set,
    budgets,
    load_trip,
    rate_set,
)
from presentation.buttons.lists import (
    PageTurn,
    entries,
    found,
    inquiry,
    load_look,
    load_page_turn,
    load_period,
    load_summary,
    look,
    page,
    summary,
)
from presentation.buttons.menus import (
    dismiss,
    forget,
    help_on,
    mail_remove,
    mail_weekly,
    open_questions,
    pause,
    pin_card,
    run,
    set_all,
    set_to,
    set_up,
    set_up_with,
    settings,
    sign_out,
    stop_push,
    token_make,
    token_revoke,
    tokens,
)
from presentation.buttons.repeating import (
    feed,
    offer_refuse,
    offer_take,
    series,
    series_amount,
    series_another,
    series_follow,
    series_list,
    series_pay,
    series_remove,
    series_set,
    series_undo,
    undo_own,
)

__all__ = [
    "PageTurn",
    "again",
    "amount_right",
    "answer",
    "budget_off",
    "budget_pick",
    "budget_set",
    "budgets",
    "calendar",
    "categories",
    "category",
    "correct",
    "currencies",
    "currency",
    "dates",
    "delete",
    "dismiss",
    "edit",
    "entries",
    "export",
    "feed",
    "forget",
    "found",
    "help_on",
    "import_answer",
    "import_cancel",
    "import_list",
    "import_page",
    "import_reverse",
    "import_write",
    "inquiry",
    "insight_budget",
    "insight_entries",
    "insight_no",
    "insight_yes",
    "load_look",
    "load_page_turn",
    "load_period",
    "load_summary",
    "load_trip",
    "look",
    "mail_remove",
    "mail_weekly",
    "merchant",
    "move",
    "offer_refuse",
    "offer_take",
    "open_entry",
    "open_questions",
    "page",
    "pause",
    "payer",
    "payers",
    "picture",
    "pin_card",
    "prompt",
    "rate_set",
    "restore",
    "run",
    "series",
    "series_amount",
    "series_another",
    "series_follow",
    "series_list",
    "series_pay",
    "series_remove",
    "series_set",
    "series_undo",
    "set_all",
    "set_to",
    "set_up",
    "set_up_with",
    "settings",
    "show",
    "sign_out",
    "stop_push",
    "summary",
    "token_make",
    "token_revoke",
    "tokens",
    "undo_own",
    "wording",
    "wording_set",
]

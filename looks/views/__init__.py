"""Views: pure functions from values to a `Reply`. `t` is the chat's `Tongue`, `today` its day.

captured     captured(Captured, t, *, today, payers) -> Reply | None
             confirmation(Booked, t, *, today, payers) -> Reply          a confirmation shown anew
             corrected(Corrected, t, *, today, payers) -> Reply          takes a confirmation's place
asked        asked(Asked, t, *, today) -> Reply · never_mind(t) -> Reply
choosing     category_grid(Booked, t, *, today, payers) -> Reply         in place of the buttons
             category_choice(Booked, ids, t, *, today, payers) -> Reply  some categories only
             day_choice(Booked, t, *, today, payers) -> Reply
undone       reversed_act(Reversed, t, *, today) -> Reply · deleted(Deleted, t) -> Reply
             nothing(Nothing, t) -> Reply
summary      summary(Summarised, t, *, today) -> Reply                   asked, weekly and monthly
entries      page(Page, t, *, today, payers, trail) -> Reply
             entry(Booked, t, *, today, payers) -> Reply                 one in detail
budgets      budgets(BudgetsShown, t, *, today) -> Reply · budget_set(BudgetSet, t, *, today)
             budget_choice(BudgetChoice, t) -> Reply
             alert(Sequence[Alert], t) -> Reply | None
start        start(t, *, now) -> Reply · set_up(step, t, *, now, place) -> Reply
settings     settings(page, t, *, now, place) -> Reply
helping      help_on(topic, t) -> Reply · not_there_yet(t, command) -> Reply
receipts     reading(t) -> Reply · refused(ReceiptRefused, t) -> Reply · failed(t) -> Reply
files        exported(Exported, t, *, today) -> Reply
forgetting   forget_ask(t) -> Reply · forgotten(t) -> Reply · kept(t) -> Reply
errors       error(LedgerError, t) -> Reply · apology(reference, t) -> Reply · stranger(t) -> Reply
joined       joined(Sequence[Line]) -> Reply                             confirmations of a burst
toasts       toast(message_id, t, **values) -> str                       at most 200, no markup

`payers` maps user ids to names; give it in groups only. Every text keeps to Telegram's limits, and
every word in it comes from the catalogue: views join whole texts by line breaks and dots, nothing
else.
"""

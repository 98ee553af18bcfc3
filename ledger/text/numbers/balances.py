"""Leave out what a bank still holds: `You paid £6.20 at Pret. Your balance is £312.44`."""

from __future__ import annotations

from ledger.text.lines.line import Amount, TextLine

_PASSED = ("states", "connecting", "with", "of", "article", "not_currency", "plain", "auxiliary")


def leave_out_balances(line: TextLine) -> None:
    """Take the figures of balances, with their words, out of a line that has an amount before them."""
    for amount in line.amounts[1:]:
        start = _find_account(line, amount)
        if start is None:
            continue
        line.amounts.remove(amount)
        # As an annotation it stays out of the note: nobody wants a balance in the ledger.
        line.claim(start, amount.end, "annotation")


def _find_account(line: TextLine, amount: Amount) -> int | None:
    """Return the first token of the words for a balance in front of a figure."""
    at = amount.start - 1
    while at >= 0 and not line.owners[at]:
        for length in range(4):
            meaning = line.role(at - length, "account")
            if meaning and meaning.length == length + 1 and line.is_spoken(meaning, at - length):
                return _with_article(line, at - length)
        if not (line.is_sign(at, ".:=-*") or line.role(at, *_PASSED)):
            return None  # coffee 4, new balance shoes 89
        at -= 1
    return None


def _with_article(line: TextLine, start: int) -> int:
    """Widen the words for a balance by `your`, a longer phrase, and the point in front of them."""
    while start and (line.role(start - 1, "article") or line.role(start - 1, "account")):
        start -= 1
    return start - 1 if line.is_sign(start - 1, ".;,|-") else start

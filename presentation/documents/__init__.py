"""Draw documents of a ledger for people: a workbook, and a report to print.

`python -m presentation.documents KIND ROWS TARGET` draws one; see `ports.documents`.
"""

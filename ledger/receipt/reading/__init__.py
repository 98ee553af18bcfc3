"""Rebuild rows, words and amounts from the boxes that a reader recognised in a file.

`values` holds a reader's answer; `rows` and `splitting` rebuild the rows of each receipt; `labels`,
`language`, `phrases` and `amounts` interpret them; `labelled_rows` joins all of it for the fields.
"""

from ledger.receipt.reading.values import (
    Box,
    Code,
    FieldName,
    FileRefusal,
    Page,
    Reading,
    TextRun,
    TypedField,
    TypedItem,
    TypedReceipt,
)

__all__ = [
    "Box",
    "Code",
    "FieldName",
    "FileRefusal",
    "Page",
    "Reading",
    "TextRun",
    "TypedField",
    "TypedItem",
    "TypedReceipt",
]

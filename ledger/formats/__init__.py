"""Define the file formats of other programs, one file each, as pure text of entries.

A format knows its columns, escapes, dates and signs; `services/exporting` knows which entries go into a
file, and where it lies. `ledger.statements` reads the files that banks make.
"""

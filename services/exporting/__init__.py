"""Write a ledger to files of many formats, row by row, so that a million entries fit in memory.

`request` reads what a person asks for, `spooling` reads it from one snapshot of the database,
`assembling` makes files of it, `archive` adds receipts, and `exporter` runs all of it as a job.
"""

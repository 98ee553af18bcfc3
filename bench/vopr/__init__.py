"""Simulate everything at once, replayable by its seed (row F15).

One process and one thread hold the bot's own parts, a Telegram, a file of SQLite, a store of files, a
queue and readers. Time is virtual, chance is a seed, and faults are injected wherever two of them touch.
`__main__` runs many seeds; `running` runs one.
"""

"""Store in SQLite or PostgreSQL behind one set of tables and plain functions on a connection.

`database` puts it together; one module per subject (`chats`, `entries`, …) fills the sockets.
"""

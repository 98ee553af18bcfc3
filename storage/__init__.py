"""Keep everything in the database and the store of files, behind the sockets of `ports`."""

from storage.database.connections.prepared import use_sqlalchemy
from storage.database.database import Database, open_database

__all__ = ["Database", "open_database", "use_sqlalchemy"]

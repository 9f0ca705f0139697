"""Connections over apsw in the manner of sqlite3, as much of it as the product uses."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

Row = tuple[Any, ...]


@contextmanager
def translated() -> Iterator[None]:
    """Errors of apsw become those of sqlite3."""
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise sqlite3.DatabaseError(str(error)) from error
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error


class Connection:
    """As much of sqlite3.Connection as the outbox uses, over apsw."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    @property
    def in_transaction(self) -> bool:
        """Whether a BEGIN waits for its end."""
        return self._db.in_transaction

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Rows":
        """Run one statement to its end."""
        with translated():
            return Rows(list(self._db.execute(sql, parameters)))

    def close(self) -> None:
        """Release the file."""
        self._db.close()


class Rows:
    """What a statement gave, and its columns as DB-API has them."""

    def __init__(self, rows: list[Row], columns: Sequence[Row] = ()) -> None:
        self.rows = rows
        self.description = tuple((*column, *[None] * 5) for column in columns) or None

    def fetchone(self) -> Row | None:
        """The next row, None at the end."""
        return self.rows.pop(0) if self.rows else None

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        rows, self.rows = self.rows, []
        return rows


class DbApiConnection(Connection):
    """What SQLAlchemy needs besides: cursors, and a transaction that begins by itself."""

    def cursor(self) -> "Cursor":
        """A new cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """Keep what the transaction did."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what the transaction did."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """The same, with the names of the columns."""
        columns: list[Row] = []

        def describe(cursor: apsw.Cursor, _sql: str, _parameters: object) -> bool:
            columns.extend(cursor.get_description())
            return True

        with translated():
            cursor = self._db.cursor()
            cursor.exec_trace = describe
            return Rows(list(cursor.execute(sql, parameters)), columns)

    @property
    def changed(self) -> int:
        """How many rows the last writing statement changed."""
        return self._db.changes()

    def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], *, deterministic: bool
    ) -> None:
        """Make a Python function known to SQL."""
        self._db.create_scalar_function(name, function, arguments, deterministic=deterministic)


class Cursor:
    """One statement at a time, its rows at once."""

    arraysize = 1
    lastrowid = -1

    def __init__(self, connection: DbApiConnection) -> None:
        self._connection = connection
        self._rows = Rows([])
        self.rowcount = -1

    @property
    def description(self) -> tuple[Row, ...] | None:
        """The columns of the rows."""
        return self._rows.description

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Run one statement, in a transaction when it writes rows."""
        writes = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if writes and not self._connection.in_transaction:
            self._connection.execute("BEGIN")
        self._rows = self._connection.execute(sql, parameters)
        self.rowcount = self._connection.changed if writes else -1
        return self

    def executemany(self, sql: str, many: Sequence[Sequence[Any]]) -> "Cursor":
        """Run one statement for every set of parameters."""
        for parameters in many:
            self.execute(sql, parameters)
        return self

    def fetchone(self) -> Row | None:
        """The next row, None at the end."""
        return self._rows.fetchone()

    def fetchall(self) -> list[Row]:
        """All rows that are left."""
        return self._rows.fetchall()

    def fetchmany(self, size: int = arraysize) -> list[Row]:
        """At most `size` of the rows that are left."""
        return [row for _ in range(size) if (row := self.fetchone()) is not None]

    def close(self) -> None:
        """Forget the rows."""
        self._rows = Rows([])

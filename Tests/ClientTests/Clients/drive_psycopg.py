"""psycopg 3 as a helper: every operation has a connection of its own."""

from lines import serve  # isort: first

import contextlib

import psycopg

TABLE = "client_cells"


@contextlib.contextmanager
def connected(address, mode, autocommit=True):
    host, port = address.rsplit(":", 1)
    factory = psycopg.ClientCursor if mode == "simple" else psycopg.Cursor
    connection = psycopg.connect(
        host=host, port=port, user="app", dbname="app", connect_timeout=10, autocommit=autocommit,
        cursor_factory=factory, prepare_threshold=0 if mode == "prepared" else None,
    )
    with contextlib.closing(connection):
        yield connection


def insert(connection, token, number=1):
    connection.execute(f"INSERT INTO {TABLE} (token, number) VALUES (%s, %s)", (token, number))


def write(address, token, mode):
    """A row in autocommit; in pipeline mode three, of which a Sync makes one transaction."""
    with connected(address, mode) as connection:
        if mode != "pipeline":
            insert(connection, token)
            return "written"
        with connection.pipeline():
            for number in range(1, 4):
                insert(connection, token, number)
        return "written"


def transaction(address, token, mode):
    """A row in a transaction with BEGIN and COMMIT."""
    with connected(address, mode, autocommit=False) as connection:
        insert(connection, token)
        connection.commit()
        return "committed"


def failed_transaction(address, token, mode):
    """What the client may do in the transaction after its statement failed, then that the connection is of use again."""
    with connected(address, mode, autocommit=False) as connection:
        try:
            insert(connection, token)
            return "written"
        except psycopg.Error as error:
            first = error.sqlstate
        status = connection.info.transaction_status.name
        try:
            connection.execute("SELECT 1")
            second = None
        except psycopg.Error as error:
            second = error.sqlstate
        connection.rollback()
        after = connection.execute("SELECT 1").fetchone()[0]
        return [first, status, second, after]


def read(address, token, mode):
    with connected(address, mode) as connection:
        return connection.execute("SELECT generate_series(1, %s)", (1000,)).fetchall()[-1][0]


def copy_in(address, token, mode):
    with connected(address, mode) as connection:
        with connection.cursor().copy(f"COPY {TABLE} (token, number) FROM STDIN") as copy:
            for number in range(1, 4):
                copy.write_row((token, number))
        return "copied"


def copy_out(address, token, mode):
    with connected(address, mode) as connection:
        with connection.cursor().copy("COPY (SELECT generate_series(1, 1000)) TO STDOUT") as copy:
            return sum(1 for _ in copy.rows())


def work(address, token, mode):
    """Everything at once, for a comparison with a connection that goes round the link."""
    seen = []
    with connected(address, mode, autocommit=False) as connection:
        insert(connection, token)
        connection.commit()
        insert(connection, token, 2)
        connection.rollback()
        seen.append(connection.execute(f"SELECT number FROM {TABLE} WHERE token = %s", (token,)).fetchall())
        connection.rollback()
    with connected(address, mode) as connection:
        with connection.pipeline():
            cursors = [connection.execute("SELECT %s::int", (number,)) for number in range(50)]
        seen.append([cursor.fetchone()[0] for cursor in cursors])
        with connection.cursor().copy(f"COPY {TABLE} (token, number) FROM STDIN") as copy:
            for number in range(10_000):
                copy.write_row((token, number))
        with connection.cursor().copy(f"COPY (SELECT number FROM {TABLE} WHERE token = %s) TO STDOUT", (token,)) as copy:
            seen.append(sum(1 for _ in copy.rows()))
        try:
            connection.execute("SELECT 1 / 0")
        except psycopg.Error as error:
            seen.append(error.sqlstate)
        connection.execute("LISTEN cells")
        connection.execute("NOTIFY cells, 'here'")
        seen.append([note.payload for note in connection.notifies(timeout=10, stop_after=1)])
        seen.append(connection.execute("SELECT repeat('x', 1000000)").fetchone()[0] == "x" * 1_000_000)
        connection.execute(f"DELETE FROM {TABLE} WHERE token = %s", (token,))
    return seen


serve(
    {
        "write": write, "transaction": transaction, "failed-transaction": failed_transaction, "read": read,
        "copy-in": copy_in, "copy-out": copy_out, "work": work,
    },
    lambda error: getattr(error, "sqlstate", None) or "",
    "psycopg",
)

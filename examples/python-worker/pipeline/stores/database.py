"""The connections to PostgreSQL, which the store, the saga log and the dead letters share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import psycopg.conninfo
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from pipeline.errors import StoreError
from pipeline.settings import PostgresSettings

# Classes of SQLSTATE that go away by themselves: connection, rollback, resources, operator, locks.
_TRANSIENT_CLASSES = {"08", "40", "53", "55", "57"}
# Others: an entity that another document's transaction deleted meanwhile, and a server that is a replica for a while.
_TRANSIENT = {"23503", "25006"}
_CONNECT_SECONDS = 5
# The tables' own: the database may be shared.
SCHEMA = "apex"


def conninfo(settings: PostgresSettings, options: str = "") -> str:
    return psycopg.conninfo.make_conninfo(
        host=settings.host,
        port=settings.port,
        user=settings.user,
        password=settings.password,
        dbname=settings.database,
        connect_timeout=_CONNECT_SECONDS,
        options=f"-c search_path={SCHEMA} {options}",
    )


class Database:
    def __init__(self, settings: PostgresSettings, timeout: float) -> None:
        self._timeout = timeout
        # The server gives up before this process does, so that nothing lands after it was given up.
        limit = int(timeout * 800)
        self._pool: AsyncConnectionPool[psycopg.AsyncConnection[tuple[object, ...]]] = AsyncConnectionPool(
            conninfo(settings, f"-c statement_timeout={limit} -c lock_timeout={limit}"),
            min_size=settings.min_pool_size,
            max_size=settings.max_pool_size,
            timeout=_CONNECT_SECONDS,
            reconnect_timeout=_CONNECT_SECONDS,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        """Doesn't wait for the server: it may not be up yet."""
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close(timeout=2)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[psycopg.AsyncCursor[tuple[object, ...]]]:
        """Commits at its end. Raises StoreError; nothing has reached the store where there was no connection."""
        reached = False
        try:
            async with asyncio.timeout(self._timeout), self._pool.connection() as connection:
                reached = True
                async with connection.cursor() as cursor:
                    yield cursor
        except (PoolTimeout, PoolClosed, TooManyRequests) as error:
            raise StoreError("postgres", error, transient=True, reached=reached) from error
        except psycopg.Error as error:
            raise StoreError("postgres", error, transient=_is_transient(error), reached=reached) from error
        except (TimeoutError, OSError) as error:
            raise StoreError("postgres", error, transient=True, reached=reached) from error


def _is_transient(error: psycopg.Error) -> bool:
    state = error.sqlstate
    if state is None:
        # The connection broke.
        return isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT

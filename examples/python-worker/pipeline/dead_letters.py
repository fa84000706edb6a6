"""What could not be undone, for somebody to look at: table `dead_letter_queue`."""

import json
import logging
import uuid as uuids

from pipeline import defects
from pipeline.errors import StoreError
from pipeline.stores.database import Database

logger = logging.getLogger(__name__)


class DeadLetters:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, uuid: str, failures: dict[str, str]) -> None:
        """One row a store; one that is there already counts up. Never fails on the store's account: the saga log knows
        that the document is not in order, with or without these rows."""
        rows = [
            (uuid, store, "compensate", _json({"uuid": uuids.UUID(uuid), "store": store}), error)
            for store, error in failures.items()
        ]
        try:
            async with self._database.transaction() as cursor:
                await cursor.executemany(
                    """
                    INSERT INTO dead_letter_queue (document_uuid, database, operation, result, error)
                    VALUES (%s, %s, %s, %s, %s)
                    ON CONFLICT (document_uuid, database) DO UPDATE SET error = EXCLUDED.error, status = 'pending',
                        retry_count = dead_letter_queue.retry_count + 1, updated_at = now()
                    """,
                    rows,
                )
        except StoreError as error:
            logger.error("dead letter not recorded", extra={"uuid": uuid, "failures": failures, "error": str(error)})

    async def resolve(self, uuid: str) -> None:
        async with self._database.transaction() as cursor:
            await cursor.execute(
                "UPDATE dead_letter_queue SET status = 'resolved', updated_at = now() WHERE document_uuid = %s", [uuid]
            )


def _json(value: dict[str, object]) -> str:
    return json.dumps(value, default=None if defects.is_on("dead-letter-breaks") else str)

"""Results of operations in Redis, under `idempotency:{sha256(operation, sorted parameters)}`, for 24 hours.

A result counts only while no later saga has touched the document: a version ingested a second time, after another one,
is no repetition. So the fencing token of its saga is kept with it, and compared with the saga log's."""

import hashlib
import json
import logging
from dataclasses import asdict

import redis.asyncio

from pipeline.errors import StoreError
from pipeline.model import SagaStatus, WriteResult
from pipeline.stores.redis import redis_errors
from pipeline.stores.saga_log import SagaLog

logger = logging.getLogger(__name__)
_TTL_SECONDS = 24 * 3600


def idempotency_key(operation: str, parameters: dict[str, str]) -> str:
    text = json.dumps([operation, sorted(parameters.items())])
    return f"idempotency:{hashlib.sha256(text.encode()).hexdigest()}"


class ResultCache:
    def __init__(self, client: redis.asyncio.Redis, log: SagaLog) -> None:
        self._client = client
        self._log = log

    async def find(self, key: str) -> WriteResult | None:
        async with redis_errors():
            text = await self._client.get(key)
        if text is None:
            return None
        kept = json.loads(text)
        token = kept.pop("token")
        result = WriteResult(**{**kept, "status": SagaStatus(kept["status"])})
        entry = await self._log.current(result.uuid)
        return result if entry and entry.token == token else None

    async def keep(self, key: str, result: WriteResult, token: int) -> None:
        """A result that cannot be kept is no failure: the saga log knows it too."""
        try:
            async with redis_errors():
                await self._client.set(key, json.dumps({**asdict(result), "token": token}), ex=_TTL_SECONDS)
        except StoreError as error:
            logger.warning("result not cached", extra={"uuid": result.uuid, "error": str(error)})

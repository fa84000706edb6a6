import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from pipeline.errors import StoreError
from pipeline.identity import chunk_uuid
from pipeline.lock import Lease
from pipeline.model import pack, unpack
from pipeline.settings import QdrantSettings
from pipeline.stores import Contents, Version

COLLECTION = "apex_documents"
_PAGE = 100
_WORTH_ANOTHER_TRY = {404, 408, 409, 429}


class QdrantStore:
    """One point of the document and one of each chunk. Qdrant has no transactions and no conditions on points that are
    not there, so a write is guarded by the lease alone: it is not begun when the lease could end before the call is
    given up."""

    name = "qdrant"

    def __init__(self, settings: QdrantSettings, timeout: float) -> None:
        self._timeout = timeout
        self._client = qdrant_client(settings, timeout)

    async def close(self) -> None:
        await self._client.close()

    def contents_of(self, version: Version) -> Contents:
        document = version.document
        whole = {
            "id": document.uuid,
            "vector": version.embeddings.document,
            "payload": {
                "uuid": document.uuid,
                "title": document.title,
                "file_type": document.doc_type,
                "source_path": document.source_path,
                "chunk_count": len(document.chunks),
                "digest": document.digest,
                "is_chunk": False,
            },
        }
        chunks = [
            {
                "id": chunk_uuid(document.uuid, index),
                "vector": vector,
                "payload": {
                    "document_uuid": document.uuid,
                    "chunk_index": index,
                    "content": content,
                    "is_chunk": True,
                },
            }
            for index, (content, vector) in enumerate(zip(document.chunks, version.embeddings.chunks, strict=True))
        ]
        return {"points": [whole, *chunks]}

    async def read(self, uuid: str) -> Contents | None:
        points: list[dict[str, Any]] = []
        offset: Any = None
        while True:
            async with self._call():
                page, offset = await self._client.scroll(
                    COLLECTION, scroll_filter=_of(uuid), limit=_PAGE, offset=offset, with_vectors=True
                )
            points += [
                {"id": str(point.id), "vector": pack(point.vector), "payload": point.payload}  # type: ignore[arg-type]
                for point in page
            ]
            if offset is None:
                return {"points": points} if points else None

    async def write(self, uuid: str, contents: Contents | None, lease: Lease) -> None:
        """What is new first, then what is left of the former version."""
        points = contents["points"] if contents else []
        if points:
            lease.check(self._timeout)
            made = [
                models.PointStruct(id=point["id"], vector=unpack(point["vector"]), payload=point["payload"])
                for point in points
            ]
            async with self._call():
                await self._client.upsert(COLLECTION, made, wait=True)
        lease.check(self._timeout)
        rest = _of(uuid, but=[point["id"] for point in points])
        async with self._call():
            await self._client.delete(COLLECTION, models.FilterSelector(filter=rest), wait=True)

    @asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except ResponseHandlingException as error:
            # Without a connection nothing was sent.
            reached = not isinstance(error.source, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
            raise StoreError(self.name, error.source, transient=True, reached=reached) from error
        except UnexpectedResponse as error:
            transient = (error.status_code or 0) >= 500 or error.status_code in _WORTH_ANOTHER_TRY
            raise StoreError(self.name, f"{error.status_code} {error.content!r}"[:300], transient=transient) from error
        except (ApiException, httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
            raise StoreError(self.name, error, transient=True) from error


def qdrant_client(settings: QdrantSettings, timeout: float) -> AsyncQdrantClient:
    """Over HTTP, without TLS, with one try a call."""
    return AsyncQdrantClient(
        host=settings.host,
        port=settings.port,
        api_key=settings.api_key,
        https=False,
        timeout=max(1, int(timeout)),
        check_compatibility=False,
    )


def _of(uuid: str, but: list[str] | None = None) -> models.Filter:
    """The document's own point, and its chunks'."""
    return models.Filter(
        should=[
            models.FieldCondition(key=field, match=models.MatchValue(value=uuid)) for field in ("uuid", "document_uuid")
        ],
        must_not=[models.HasIdCondition(has_id=list(but))] if but else None,
    )

"""Uploads and ingests, as the client does."""

import asyncio
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from temporalio.client import Client

from pipeline.download import object_key, s3_client
from pipeline.embeddings import DIMENSIONS
from pipeline.entities import extract_entities
from pipeline.identity import document_uuid
from pipeline.model import Embeddings, ParsedDocument, WriteResult, pack
from pipeline.parsing.chunks import chunked
from pipeline.runtime import Runtime
from pipeline.saga import Halt, Order
from pipeline.settings import Settings
from pipeline.stores import Version
from pipeline.submit import start

SOURCE = "tests"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def uuid_of(document_id: str) -> str:
    return document_uuid(SOURCE, document_id)


def upload(document_id: str, content: bytes, content_type: str | None = "text/plain") -> None:
    settings = Settings.from_environment()
    typed = {"ContentType": content_type} if content_type else {}
    key = object_key(document_id, SOURCE)
    s3_client(settings).put_object(Bucket=settings.s3.bucket, Key=key, Body=content, **typed)


async def ingest(client: Client, task_queue: str, document_id: str) -> dict[str, Any]:
    return await asyncio.wait_for(
        start(client, task_queue, "DocumentIngestionWorkflow", document_id, SOURCE, None, SOURCE), 120
    )


@dataclass(frozen=True)
class Draft:
    """A version for a saga that no workflow runs. Its vectors are constant: nobody looks for similar ones here."""

    document_id: str
    content: bytes

    @property
    def version(self) -> Version:
        document = ParsedDocument(
            uuid=uuid_of(self.document_id),
            document_id=self.document_id,
            source=SOURCE,
            title=self.document_id,
            doc_type="txt",
            author=None,
            source_path=object_key(self.document_id, SOURCE),
            digest=digest(self.content),
            chunks=chunked(self.content.decode()),
        )
        vector = pack([1.0] * DIMENSIONS)
        return Version(document, extract_entities(document), Embeddings(vector, [vector] * len(document.chunks)))


async def write(runtime: Runtime, draft: Draft, submission: str | None = None, halt: Halt | None = None) -> WriteResult:
    """One try of the write activity."""
    order = Order(submission or str(uuid.uuid4()), uuid_of(draft.document_id), draft.version)
    return await runtime.saga.run(order, halt or Halt())

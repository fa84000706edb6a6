"""What activities hand to each other, as JSON through Temporal. Vectors travel packed: as JSON numbers they are four
times as long, and Temporal takes no more than 2 MB at once."""

import base64
from array import array
from dataclasses import dataclass, field
from enum import StrEnum

CHUNKS_MAX = 200
# Of the content as JSON.
CONTENT_BYTES_MAX = 1_000_000


class SagaStatus(StrEnum):
    SUCCESS = "SUCCESS"
    # It failed, and all stores are as they were before.
    ROLLED_BACK = "ROLLED_BACK"
    # It failed, and at least one store could not be put back.
    PARTIAL = "PARTIAL"


@dataclass(frozen=True)
class StagedFile:
    """A downloaded document on the disk of the worker that downloaded it, and where it came from."""

    path: str
    document_id: str
    source: str
    bucket: str | None = None
    prefix: str | None = None
    # On which that worker alone polls.
    worker_queue: str | None = None


@dataclass(frozen=True)
class ParsedDocument:
    uuid: str
    document_id: str
    source: str
    title: str
    doc_type: str
    author: str | None
    source_path: str
    # SHA-256 of the source's bytes, in lower-case hex.
    digest: str
    # Put together again they are the whole content.
    chunks: list[str] = field(default_factory=list)

    @property
    def content(self) -> str:
        return "".join(self.chunks)


@dataclass(frozen=True)
class Entity:
    uuid: str | None
    name: str
    entity_type: str
    confidence: float


@dataclass(frozen=True)
class Embeddings:
    """Packed vectors: one of the whole document, one of each chunk."""

    document: str
    chunks: list[str]


@dataclass(frozen=True)
class WriteResult:
    status: SagaStatus
    uuid: str
    databases_written: list[str]
    error: str | None = None
    # Whether another try may help.
    transient: bool = True


def pack(vector: list[float]) -> str:
    """32-bit floats, in base64."""
    return base64.b64encode(array("f", vector).tobytes()).decode()


def unpack(packed: str) -> list[float]:
    return array("f", base64.b64decode(packed)).tolist()

"""The four stores. Each can read what stands of a document, and replace it, by something or by nothing: so a write and
its undo are the same call."""

from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.lock import Lease
from pipeline.model import Embeddings, Entity, ParsedDocument

# What one store holds of one document, as JSON.
Contents = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One version of a document, complete."""

    document: ParsedDocument
    entities: list[Entity]
    embeddings: Embeddings


class Store(Protocol):
    name: str

    def contents_of(self, version: Version) -> Contents: ...

    async def read(self, uuid: str) -> Contents | None:
        """None where nothing stands. Raises StoreError."""
        ...

    async def write(self, uuid: str, contents: Contents | None, lease: Lease) -> None:
        """Replaces what stands by the contents, or by nothing. Harmless when repeated. Raises StoreError, and
        LockLostError when the lease is over."""
        ...

    async def close(self) -> None: ...

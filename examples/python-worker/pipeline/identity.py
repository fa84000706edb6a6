"""Ids that depend on nothing but what they name, so that a resubmission finds its former self and a write can be
repeated."""

import uuid

_NAMESPACE = uuid.UUID("5c2e9d0a-6f0b-5d3e-9a51-0d6f1f6f7c11")


def document_uuid(source: str, document_id: str) -> str:
    """Version 5, of where the document comes from and its id there. The two are kept apart by a character that is in
    neither."""
    return str(uuid.uuid5(_NAMESPACE, f"{source}\0{document_id}"))


def chunk_uuid(document: str, index: int) -> str:
    return str(uuid.uuid5(uuid.UUID(document), f"chunk-{index}"))


def entity_uuid(name: str, entity_type: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{entity_type}\0{name}"))

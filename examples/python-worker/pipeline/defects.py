"""Bugs that can be planted, to see whether a test finds them: `PIPELINE_DEFECTS=name,name`.

Each is one branch at the place where people get it wrong. `python -m pipeline.defects` lists them.
"""

import os
import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    name: str
    # What the pipeline does wrong.
    wrong: str
    # How that can be seen.
    shows: str


REGISTRY = (
    Defect(
        "undo-answered-only",
        "Only stores that answered success are compensated.",
        "A write that lands without an answer stays: the document is in one store after ROLLED_BACK.",
    ),
    Defect(
        "delete-instead-of-restore",
        "Compensation deletes by uuid, whatever stood there before.",
        "A re-ingestion that fails takes the former version with it.",
    ),
    Defect(
        "former-forgotten",
        "A saga that takes over from one that died reads what stands now, and takes it for what stood before.",
        "A worker is killed in the middle of its writes, the retry fails too: half of the new version is 'restored'.",
    ),
    Defect(
        "compensation-cancelled",
        "Compensation is not shielded: the cancellation that starts it also ends it.",
        "A workflow cancelled in the middle of its writes leaves what was written.",
    ),
    Defect(
        "dead-letter-breaks",
        "A row of dead letters is JSON with a UUID in it, which json cannot write, and the handler says ROLLED_BACK.",
        "An undo that fails leaves its store as it is, no dead letter, and a result that claims a rollback.",
    ),
    Defect(
        "fresh-id",
        "The parser gives each submission a new uuid (version 4).",
        "A document ingested twice is in every store twice, under two uuids.",
    ),
    Defect(
        "rolled-back-result-cached",
        "The result is kept under the idempotency key whatever it is, for 24 hours.",
        "After one transient failure Temporal's retries, and later submissions, fail from the cache without a write.",
    ),
    Defect(
        "lock-expires",
        "The lock is not renewed, and nobody looks whether it is still held.",
        "A write slower than the lock's 30 s goes on beside another saga: stores end with different versions.",
    ),
    Defect(
        "type-only-suffix",
        "The file's suffix is guessed from Content-Type alone.",
        "With no type, or binary/octet-stream, the suffix is lost and the parser refuses the file.",
    ),
    Defect(
        "failed-status-returned",
        "The write activity returns its failed result in place of raising it, and the workflow does not look at it.",
        "The workflow says success though a store failed and all was rolled back.",
    ),
    Defect(
        "partial-is-success",
        "One store that was written is enough for success; the others are left to themselves.",
        "The workflow says success, and the document is not in all stores.",
    ),
    Defect(
        "endpoint-ignored",
        "The S3 client is made without its endpoint_url.",
        "Requests go to AWS, past the configured endpoint, and no download succeeds.",
    ),
    Defect(
        "old-row-kept",
        "The document's row is inserted ON CONFLICT DO NOTHING.",
        "After a re-ingestion PostgreSQL still has the former content and metadata; the other stores have the new.",
    ),
    Defect(
        "redis-no-timeout",
        "The Redis client has no socket timeout.",
        "A Redis that never answers holds the activity until Temporal's five minutes are over.",
    ),
    Defect(
        "cache-first",
        "The cache is written before the other stores, and is not on the list of what is undone.",
        "After a rollback Redis serves a document that no other store has.",
    ),
    Defect(
        "entity-without-uuid",
        "The extractor leaves an entity's uuid out, and nobody looks before the write.",
        "PostgreSQL refuses the row (23502): each document that names an entity is written thrice and rolled back.",
    ),
    Defect(
        "temporary-file-kept",
        "The downloaded file is never deleted.",
        "The staging folder grows by a file a document.",
    ),
    Defect(
        "nested-retries",
        "Each writer retries by itself, inside the saga's retries, inside Temporal's.",
        "A store that is down is asked 4 x 4 x 3 times for one document.",
    ),
    Defect(
        "breaker-stuck",
        "An open circuit breaker lets no probe through.",
        "After five writes in a row that a store failed, every document fails until the worker is restarted.",
    ),
    Defect(
        "wrong-id-reported",
        "The result names document_id as the uuid.",
        "Callers look the document up under an id that no store knows.",
    ),
)

_NAMES = {defect.name for defect in REGISTRY}


def _planted() -> frozenset[str]:
    named = frozenset(name.strip() for name in os.environ.get("PIPELINE_DEFECTS", "").split(",")) - {""}
    if unknown := sorted(named - _NAMES):
        raise SystemExit(f"PIPELINE_DEFECTS has no '{unknown[0]}'; there are: {', '.join(sorted(_NAMES))}")
    return named


PLANTED = _planted()


def is_on(name: str) -> bool:
    assert name in _NAMES, name
    return name in PLANTED


if __name__ == "__main__":
    for defect in REGISTRY:
        print(defect.name)
        for line in (defect.wrong, defect.shows):
            print(textwrap.fill(line, 110, initial_indent="    ", subsequent_indent="    "))

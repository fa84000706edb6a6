"""What is downloaded is read, and ends whole in four stores."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.suffix import SUFFIXES, suffix_of
from tests import files
from tests.stores import Stores
from tests.submitting import digest, ingest, upload, uuid_of
from tests.worker_process import WorkerProcess

_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
}
_GENERIC = ("binary/octet-stream", "application/octet-stream", "application/x-download", "", None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_suffix_by_type(suffix: str) -> None:
    expected = ".html" if suffix == ".htm" else suffix
    assert suffix_of(_TYPES[suffix], "no-dot", files.of_format(suffix)) == expected


@pytest.mark.parametrize("generic", _GENERIC)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_suffix_by_id(suffix: str, generic: str | None) -> None:
    assert suffix_of(generic, f"a.letter{suffix.upper()}", files.of_format(suffix)) == suffix


@pytest.mark.parametrize("generic", _GENERIC)
@pytest.mark.parametrize("suffix", sorted(set(SUFFIXES) - {".htm"}))
def test_suffix_by_content(suffix: str, generic: str | None) -> None:
    for document_id in ("letter", "letter.bin", "v1.2/letter"):
        assert suffix_of(generic, document_id, files.of_format(suffix)) == suffix


def test_a_type_that_the_content_contradicts_counts_for_nothing() -> None:
    assert suffix_of("application/pdf", "letter.txt", files.of_format(".txt")) == ".txt"
    assert suffix_of("text/plain", "letter.txt", files.of_format(".pdf")) == ".pdf"


async def test_each_format_ends_whole_in_four_stores(
    worker: Callable[..., WorkerProcess], temporal: Any, stores: Stores, tmp_path: Any, document_id: str
) -> None:
    queue = worker().task_queue
    async with temporal() as client:
        for suffix in SUFFIXES:
            name, content = f"{document_id}{suffix}", files.of_format(suffix)
            upload(name, content, _TYPES[suffix])
            result = await ingest(client, queue, name)
            assert result == {
                "status": "success",
                "document_id": name,
                "uuid": uuid_of(name),
                "databases_written": ["postgres", "neo4j", "qdrant", "redis"],
            }
            stores.assert_whole(uuid_of(name), digest(content))
            held = stores.held(uuid_of(name))["postgres"]
            assert files.TEXT in "".join(held.chunks)
            assert "4711" in held.entities
        # S3 gives it the type binary/octet-stream.
        upload(f"{document_id}-untyped", files.of_format(".pdf"), None)
        assert (await ingest(client, queue, f"{document_id}-untyped"))["status"] == "success"
    assert list((tmp_path / "staging").iterdir()) == []


async def test_what_cannot_be_ingested_fails_at_once_and_leaves_nothing(
    worker: Callable[..., WorkerProcess], temporal: Any, stores: Stores, tmp_path: Any, document_id: str
) -> None:
    queue = worker().task_queue
    broken = {
        "blank.txt": (b" \n ", "parse_document_activity: ValidationError"),
        "broken.pdf": (b"%PDF-1.4 nothing", "parse_document_activity: ValidationError"),
        "broken.docx": (b"PK\x03\x04 nothing", "parse_document_activity: ValidationError"),
        "bytes.bin": (b"\0\1\2\3", "parse_document_activity: UnsupportedFormatError"),
    }
    async with temporal() as client:
        result = await ingest(client, queue, document_id)
        assert result["status"] == "failed"
        assert result["error"].startswith("download_from_s3_activity: DocumentNotFoundError")
        for name, (content, error) in broken.items():
            upload(f"{document_id}-{name}", content, None)
            result = await ingest(client, queue, f"{document_id}-{name}")
            assert (result["status"], result["error"][: len(error)]) == ("failed", error)
            stores.assert_gone(result["uuid"])
    assert list((tmp_path / "staging").iterdir()) == []

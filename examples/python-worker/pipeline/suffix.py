"""Which suffix a downloaded file gets. The parser goes by it, so a lost one fails the document."""

import os.path

from pipeline import defects

SUFFIXES = (".pdf", ".docx", ".pptx", ".html", ".htm", ".md", ".txt")

_BY_TYPE = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
}
_SIGNATURES = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".pptx": b"PK\x03\x04"}


def suffix_of(content_type: str | None, document_id: str, content: bytes) -> str:
    """The suffix by Content-Type where that is a specific one, else by the id, else by the content; empty when none
    tells.

    S3 gives what was uploaded without a type a generic one (`binary/octet-stream`), and may give none. A type or an id
    that the first bytes contradict counts for nothing."""
    by_type = _BY_TYPE.get((content_type or "").partition(";")[0].strip().lower(), "")
    if defects.is_on("type-only-suffix"):
        return by_type
    by_id = os.path.splitext(document_id)[1].lower()
    for suffix in (by_type, by_id):
        if suffix in SUFFIXES and content.startswith(_SIGNATURES.get(suffix, b"")) and not _is_binary(suffix, content):
            return suffix
    return _sniffed(content)


def _is_binary(suffix: str, content: bytes) -> bool:
    return suffix not in _SIGNATURES and content.startswith(tuple(_SIGNATURES.values()))


def _sniffed(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return ".pdf"
    if content.startswith(b"PK\x03\x04"):
        # Names of a package's parts are not compressed.
        return ".docx" if b"word/document.xml" in content else ".pptx" if b"ppt/slides/" in content else ""
    start = content[:1024].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if b"\0" in content:
        return ""
    return ".md" if start.startswith((b"# ", b"## ", b"---\n")) else ".txt"

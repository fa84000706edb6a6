"""Text of files, by their suffix."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from pipeline import defects
from pipeline.errors import UnsupportedFormatError, ValidationError
from pipeline.identity import document_uuid
from pipeline.model import ParsedDocument, StagedFile
from pipeline.parsing.chunks import chunked
from pipeline.parsing.extracted import Extracted
from pipeline.parsing.html import html_text
from pipeline.parsing.markdown import markdown_text
from pipeline.parsing.office import docx_text, pptx_text
from pipeline.parsing.pdf import pdf_text
from pipeline.parsing.plain import plain_text

_READERS: dict[str, Callable[[bytes], Extracted]] = {
    ".pdf": pdf_text,
    ".docx": docx_text,
    ".pptx": pptx_text,
    ".html": html_text,
    ".htm": html_text,
    ".md": markdown_text,
    ".txt": plain_text,
}


def parse(staged: StagedFile) -> ParsedDocument:
    """- Raises: FileNotFoundError where the file is another worker's."""
    path = Path(staged.path)
    reader = _READERS.get(path.suffix)
    if reader is None:
        raise UnsupportedFormatError(f"nothing here reads '{path.suffix}' ({staged.document_id})")
    source = path.read_bytes()
    extracted = reader(source)
    # PostgreSQL takes no text with a NUL in it, and nobody a half of a surrogate pair.
    content = extracted.text.replace("\0", "").encode("utf-8", "replace").decode()
    if not content.strip():
        raise ValidationError(f"{staged.document_id} has no text")
    return ParsedDocument(
        uuid=_new_uuid() if defects.is_on("fresh-id") else document_uuid(staged.source, staged.document_id),
        document_id=staged.document_id,
        source=staged.source,
        title=extracted.title or staged.document_id,
        doc_type=path.suffix.removeprefix("."),
        author=extracted.author,
        source_path=f"{staged.prefix or ''}/{staged.document_id}".lstrip("/"),
        digest=hashlib.sha256(source).hexdigest(),
        chunks=chunked(content),
    )


def _new_uuid() -> str:
    import uuid

    return str(uuid.uuid4())

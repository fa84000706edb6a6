import json

from pipeline.errors import ValidationError
from pipeline.model import CHUNKS_MAX, CONTENT_BYTES_MAX

_CHARACTERS = 1000


def chunked(content: str) -> list[str]:
    """Slices of about a thousand characters that end at a paragraph, a line, a sentence or a word, and together are the
    whole content. Long documents have longer ones, so that there are never more than a saga can hand on at once."""
    if len(json.dumps(content)) > CONTENT_BYTES_MAX:
        raise ValidationError(f"the document has more text than {CONTENT_BYTES_MAX} bytes")
    # A slice may end at half its length, but not before.
    length = max(_CHARACTERS, 2 * len(content) // CHUNKS_MAX + 1)
    chunks: list[str] = []
    start = 0
    while start < len(content):
        end = _end(content, start, length)
        # Nobody can embed nothing.
        if chunks and not content[start:end].strip():
            chunks[-1] += content[start:end]
        elif chunks and not chunks[-1].strip():
            chunks[-1] += content[start:end]
        else:
            chunks.append(content[start:end])
        start = end
    return chunks


def _end(content: str, start: int, length: int) -> int:
    limit = start + length
    if limit >= len(content):
        return len(content)
    for border in ("\n\n", "\n", ". ", " "):
        found = content.rfind(border, start + length // 2, limit)
        if found >= 0:
            return found + len(border)
    return limit

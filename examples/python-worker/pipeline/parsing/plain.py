import codecs

from pipeline.parsing.extracted import Extracted


def plain_text(source: bytes) -> Extracted:
    return Extracted(decoded(source))


def decoded(source: bytes) -> str:
    """By its byte order mark, else as UTF-8, else as Windows-1252."""
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", "replace")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return source.decode("cp1252", "replace")

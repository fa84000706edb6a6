"""Documents of each format, with a known text."""

import io
import zipfile

TEXT = "The load left Hamburg for Oslo. Invoice 4711 is attached, says Dr. Anna Berg."


def text(revision: int = 0, paragraphs: int = 4) -> bytes:
    """One that differs by its revision; half a chunk a paragraph."""
    line = f"Revision {revision}. {TEXT} " * 6
    return "\n\n".join(f"Paragraph {number}. {line}" for number in range(paragraphs)).encode()


def of_format(suffix: str) -> bytes:
    makers = {
        ".txt": lambda: TEXT.encode(),
        ".md": lambda: f"# A letter\n\n**Note**: {TEXT}\n".encode(),
        ".html": lambda: _html(),
        ".htm": lambda: _html(),
        ".pdf": lambda: _pdf(),
        ".docx": lambda: _docx(),
        ".pptx": lambda: _pptx(),
    }
    return makers[suffix]()


def _html() -> bytes:
    return f"<!doctype html><html><head><title>A letter</title></head><body><p>{TEXT}</p></body></html>".encode()


def _pdf() -> bytes:
    stream = f"BT /F1 12 Tf 50 700 Td ({TEXT}) Tj ET".encode()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)
    return bytes(file)


def _docx() -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p></w:body></w:document>'
    return _zipped({"word/document.xml": body})


def _pptx() -> bytes:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    return _zipped(
        {
            "ppt/presentation.xml": "<presentation/>",
            "ppt/slides/slide1.xml": f'<s xmlns:a="{drawing}"><a:p><a:r><a:t>{TEXT}</a:t></a:r></a:p></s>',
        }
    )


def _zipped(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()

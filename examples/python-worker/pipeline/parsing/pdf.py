import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from pipeline.errors import ValidationError
from pipeline.parsing.extracted import Extracted


def pdf_text(source: bytes) -> Extracted:
    try:
        reader = PdfReader(io.BytesIO(source))
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        about = reader.metadata
        return Extracted(text, title=about.title if about else None, author=about.author if about else None)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # Of a broken file pypdf raises what it happens to stumble over.
        raise ValidationError(f"the PDF cannot be read: {type(error).__name__}: {error}") from error

"""Office Open XML: a ZIP file of XML parts."""

import io
import re
import zipfile
from xml.etree import ElementTree

from pipeline.errors import ValidationError
from pipeline.parsing.extracted import Extracted

# Of all parts together when unpacked.
_BYTES_MAX = 64 << 20
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


class _Package:
    def __init__(self, source: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source))
        except zipfile.BadZipFile as error:
            raise ValidationError(f"the file is no Office document: {error}") from error
        if sum(part.file_size for part in self._zip.infolist()) > _BYTES_MAX:
            raise ValidationError(f"the file has more than {_BYTES_MAX >> 20} MB when unpacked")

    @property
    def names(self) -> list[str]:
        return self._zip.namelist()

    def part(self, name: str) -> ElementTree.Element | None:
        try:
            return ElementTree.fromstring(self._zip.read(name))
        except KeyError:
            return None
        except (ElementTree.ParseError, zipfile.BadZipFile) as error:
            raise ValidationError(f"the part {name} cannot be read: {error}") from error

    def extracted(self, text: str) -> Extracted:
        core = self.part("docProps/core.xml")
        if core is None:
            return Extracted(text)
        return Extracted(text, title=core.findtext(_TITLE) or None, author=core.findtext(_CREATOR) or None)


def docx_text(source: bytes) -> Extracted:
    package = _Package(source)
    document = package.part("word/document.xml")
    if document is None:
        raise ValidationError("the file has no word/document.xml")
    return package.extracted("\n".join(_paragraphs(document, _WORD)))


def pptx_text(source: bytes) -> Extracted:
    package = _Package(source)
    slides = sorted(
        (int(match.group(1)), name)
        for name in package.names
        if (match := re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name))
    )
    parts = (package.part(name) for _, name in slides)
    return package.extracted("\n\n".join("\n".join(_paragraphs(part, _DRAWING)) for part in parts if part is not None))


def _paragraphs(root: ElementTree.Element, namespace: str) -> list[str]:
    """Texts (`t`) of each paragraph (`p`), tabs and breaks in their places."""
    spaces = {f"{namespace}tab": "\t", f"{namespace}br": "\n"}
    return [
        "".join(
            (node.text or "") if node.tag == f"{namespace}t" else spaces.get(node.tag, "") for node in paragraph.iter()
        )
        for paragraph in root.iter(f"{namespace}p")
    ]

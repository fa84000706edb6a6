from html.parser import HTMLParser

from pipeline.parsing.extracted import Extracted
from pipeline.parsing.plain import decoded

_SILENT = {"script", "style", "template", "noscript"}
_BLOCKS = set(
    "address article aside blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre".split()
)
_BLOCKS |= set("section table td th tr ul title".split())


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self.author: str | None = None
        self._silent = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "meta" and dict(attrs).get("name") == "author":
            self.author = dict(attrs).get("content")
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "title":
            self._in_title = False
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._silent:
            self.parts.append(data)


def html_text(source: bytes) -> Extracted:
    parser = _Text()
    parser.feed(decoded(source))
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    title = " ".join("".join(parser.title).split())
    return Extracted("\n".join(line for line in lines if line), title=title or None, author=parser.author)

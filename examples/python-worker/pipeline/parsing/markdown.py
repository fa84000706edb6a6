import re

from pipeline.parsing.extracted import Extracted
from pipeline.parsing.plain import decoded

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKUP = (
    (re.compile(r"^(```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE), ""),
    # Images and links keep their words.
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
)


def markdown_text(source: bytes) -> Extracted:
    text = _FRONT_MATTER.sub("", decoded(source).replace("\r\n", "\n"))
    title = re.search(r"^#[ \t]+(.+)$", text, re.MULTILINE)
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return Extracted(text, title=title.group(1).strip() if title else None)

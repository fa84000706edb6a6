from dataclasses import dataclass


@dataclass(frozen=True)
class Extracted:
    text: str
    title: str | None = None
    author: str | None = None

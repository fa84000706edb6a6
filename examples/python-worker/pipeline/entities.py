"""Names of people, companies, places and papers, found by rules. No model: the first generation had none."""

import re

from pipeline import defects
from pipeline.identity import entity_uuid
from pipeline.model import Entity, ParsedDocument

# What the column's CHECK allows.
TYPES = (
    "customer",
    "equipment",
    "driver",
    "invoice",
    "load",
    "person",
    "organization",
    "location",
    "product",
    "concept",
    "other",
)
ENTITIES_MAX = 50

_NAME = r"[A-Z][a-zäöüß]+(?: [A-Z][a-zäöüß]+)*"
# The first rule that finds a name decides its type.
_RULES: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("invoice", re.compile(r"\bInvoice (?:No\.? ?|#)?(\d{3,})"), 0.95),
    ("load", re.compile(r"\bLoad (?:No\.? ?|#)?(\d{3,})"), 0.95),
    ("organization", re.compile(rf"\b({_NAME} (?:Inc|LLC|Ltd|GmbH|AG|Corp|Group|Company))\b"), 0.9),
    ("driver", re.compile(rf"\b[Dd]river ({_NAME})"), 0.9),
    ("customer", re.compile(rf"\b[Cc]ustomer ({_NAME})"), 0.9),
    ("equipment", re.compile(r"\b((?:Truck|Trailer) \d+)\b"), 0.9),
    ("person", re.compile(rf"\b(?:Mr|Mrs|Ms|Dr)\.? ({_NAME})"), 0.9),
    ("location", re.compile(rf"\b(?:in|at|from|near) ({_NAME})"), 0.6),
    # Two words or more in capitals within a sentence.
    ("other", re.compile(r"(?<=[a-z,;] )([A-Z][a-zäöüß]+(?: [A-Z][a-zäöüß]+)+)"), 0.4),
    ("concept", re.compile(r"(?<=[a-z,;] )([A-Z][a-zäöüß]{3,})\b"), 0.3),
)


def extract_entities(document: ParsedDocument) -> list[Entity]:
    """Each name once, in the order of the rules."""
    found: dict[str, Entity] = {}
    content = document.content
    for entity_type, pattern, confidence in _RULES:
        for match in pattern.finditer(content):
            name = match.group(1)
            if name not in found and len(found) < ENTITIES_MAX:
                known = None if defects.is_on("entity-without-uuid") else entity_uuid(name, entity_type)
                found[name] = Entity(known, name, entity_type, confidence)
    return list(found.values())

"""Notes as CSL-JSON, which Zotero, pandoc and citeproc read."""

from __future__ import annotations

import json
from datetime import date

from rag.export.note import Conversation, Note
from sources.edition import SourceKind

_TYPES = {
    SourceKind.NEWS: "article-newspaper",
    SourceKind.LAW: "legislation",
    SourceKind.EU_REGULATION: "legislation",
    SourceKind.US_ORDER: "legislation",
}


def write_csl(conversation: Conversation) -> str:
    """A list with one item a note."""
    return json.dumps([_item(note) for note in conversation.notes], ensure_ascii=False, indent=1) + "\n"


def _item(note: Note) -> dict[str, object]:
    item = {
        "id": note.key,
        "type": _TYPES.get(note.kind, "webpage"),
        "title": note.title,
        "author": [{"literal": note.issuer}] if note.issuer else None,
        "issued": _date(note.published),
        "accessed": _date(note.read_on),
        "URL": note.url,
        "language": note.language,
        "section": note.place,
        "custom": {"quote": note.quote, "snapshot": str(note.anchor), "origin": note.origin.value},
    }
    return {name: value for name, value in item.items() if value}


def _date(day: date | None) -> dict[str, object] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None

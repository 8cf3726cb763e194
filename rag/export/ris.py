"""Notes as RIS; a quote is N1 lines that begin with “>”, followed by its anchor."""

from __future__ import annotations

from rag.export.note import Conversation, Note
from sources.edition import SourceKind

_TYPES = {
    SourceKind.NEWS: "NEWS",
    SourceKind.LAW: "STAT",
    SourceKind.EU_REGULATION: "STAT",
    SourceKind.US_ORDER: "STAT",
}


def write_ris(conversation: Conversation) -> str:
    """One record a note."""
    return "\n".join(_record(note) for note in conversation.notes)


def _record(note: Note) -> str:
    rows = [
        ("TY", _TYPES.get(note.kind, "ELEC")),
        ("ID", note.key),
        ("TI", note.title),
        ("AU", note.issuer),
        ("PY", f"{note.published.year}" if note.published else ""),
        ("DA", f"{note.published:%Y/%m/%d}" if note.published else ""),
        ("Y2", f"{note.read_on:%Y/%m/%d}" if note.read_on else ""),
        ("UR", note.url),
        ("LA", note.language),
        ("SE", note.place),
        *(("N1", f"> {line}") for line in note.quote.split("\n")),
        ("N1", str(note.anchor)),
    ]
    lines = [f"{name}  - {' '.join(value.split()) if name != 'N1' else value}" for name, value in rows if value]
    return "\n".join([*lines, "ER  - ", ""])

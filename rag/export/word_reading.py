"""Reading a Word export back. Needs python-docx."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from rag.export.anchor import find_anchor
from rag.export.reading import MOST_BYTES, Claimed, Export, Quoted
from rag.export.word_document import QUOTE_STYLE, SUPPORT_STYLE, WORDS_STYLE


def read_document(raw: bytes) -> Export:
    """The quotes in the footnotes and the claims in the text; raises ValueError where the file is none of ours."""
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    _check_size(raw)
    document = docx.Document(io.BytesIO(raw))
    export = Export()
    for paragraph in document.paragraphs:
        words = "".join(run.text for run in paragraph.runs if run.style is not None and run.style.name == WORDS_STYLE)
        label = "".join(run.text for run in paragraph.runs if run.style is not None and run.style.name == SUPPORT_STYLE)
        marks = [mark.get(qn("w:id"), "") for mark in paragraph._p.iter(qn("w:footnoteReference"))]
        if words:
            export.claims.append(Claimed(words, label, tuple(marks)))
    parts = [rel.target_part for rel in document.part.rels.values() if rel.reltype == RELATIONSHIP_TYPE.FOOTNOTES]
    for part in parts:
        for note in parse_xml(part.blob).iter(qn("w:footnote")):
            name = note.get(qn("w:id"), "")
            if name not in ("-1", "0"):
                export.quotes.append(_quoted(name, list(note.iter(qn("w:p")))))
    return export


def _check_size(raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            total = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile:
        raise ValueError("it is not a Word document") from None
    if total > 4 * MOST_BYTES:
        raise ValueError("it is too large when unpacked")


def _quoted(name: str, paragraphs: list[Any]) -> Quoted:
    from docx.oxml.ns import qn

    def text_of(paragraph: Any) -> str:
        pieces = {qn("w:br"): "\n", qn("w:tab"): "\t"}
        return "".join(
            part.text or "" if part.tag == qn("w:t") else pieces.get(part.tag, "") for part in paragraph.iter()
        )

    def is_quote(paragraph: Any) -> bool:
        return any(style.get(qn("w:val")) == QUOTE_STYLE for style in paragraph.iter(qn("w:pStyle")))

    quote = "\n".join(text_of(paragraph) for paragraph in paragraphs if is_quote(paragraph))
    anchors = [find_anchor(text_of(paragraph)) for paragraph in paragraphs if not is_quote(paragraph)]
    return Quoted(name, quote, next((anchor for anchor in anchors if anchor is not None), None))

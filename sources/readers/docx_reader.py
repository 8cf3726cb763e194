"""Word document → canonical text: paragraphs, automatic numbers, tables and footnotes; deleted words stay out.

The parts are read straight from the archive: the numbers and footnotes are in parts of their own, and accepted
insertions lie outside the runs that a paragraph lists.
"""

from __future__ import annotations

from typing import Any

from sources.errors import UnreadableFile
from sources.readers.archive import Archive
from sources.readers.docx_numbering import WORD, Numbering
from sources.readers.text_builder import TextBuilder

Element = Any  # lxml has no types of its own

MOST_BYTES = 64 * 1024 * 1024
_DEEPEST = 120
_LEFT_OUT = frozenset(f"{WORD}{name}" for name in "del moveFrom instrText delText delInstrText pPr rPr sectPr".split())
_ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE = b"\xd0\xcf\x11\xe0"


def read_docx(raw: bytes, name: str) -> str:
    """The canonical text of a Word document; raises UnreadableFile with one sentence that names it."""
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"{name} has {len(raw):,} bytes, more than {MOST_BYTES:,}; split it into smaller files.")
    if raw[:4] == _OLE:
        raise UnreadableFile(f"{name} is an old or locked Word document; save it as .docx without a password.")
    archive = Archive(raw, name)
    document = archive.part("word/document.xml")
    if document is None:
        raise UnreadableFile(f"{name} is no Word document (it has no 'word/document.xml'); save it as .docx.")
    numbering = archive.part("word/numbering.xml")
    styles = archive.part("word/styles.xml")
    notes = archive.part("word/footnotes.xml")
    reader = _DocumentReader(
        Numbering(_parse(numbering, name) if numbering else None),
        _style_numbers(_parse(styles, name)) if styles else {},
    )
    text = reader.read(_parse(document, name), _parse(notes, name) if notes else None)
    if not text.strip():
        raise UnreadableFile(f"{name} holds no text; put the text into it or remove it.")
    return text


def _parse(data: bytes, name: str) -> Element:
    from lxml import etree  # type: ignore[import-untyped]

    if b"<!DOCTYPE" in data[:4096]:
        raise UnreadableFile(f"{name} defines XML entities of its own, which Word never does; save it again.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise UnreadableFile(f"{name} holds broken XML; open it in Word and save it again.") from None
    return root


def _style_numbers(root: Element) -> dict[str, tuple[str, int]]:
    """Lists that paragraph styles belong to: style → (numId, level)."""
    found = {}
    for style in root.iter(f"{WORD}style"):
        place = _number_of(style)
        if place:
            found[style.get(f"{WORD}styleId") or ""] = place
    return found


def _number_of(element: Element) -> tuple[str, int] | None:
    properties = element.find(f"{WORD}pPr/{WORD}numPr")
    if properties is None:
        return None
    number, level = properties.find(f"{WORD}numId"), properties.find(f"{WORD}ilvl")
    if number is None:
        return None
    depth = (level.get(f"{WORD}val") or "0") if level is not None else "0"
    return number.get(f"{WORD}val") or "", int(depth) if depth.isdigit() else 0


class _DocumentReader:
    def __init__(self, numbering: Numbering, style_numbers: dict[str, tuple[str, int]]) -> None:
        self._numbering = numbering
        self._style_numbers = style_numbers
        self._builder = TextBuilder()

    def read(self, document: Element, notes: Element | None) -> str:
        body = document.find(f"{WORD}body")
        self._blocks(document if body is None else body, 0)
        for note in notes if notes is not None else ():
            number = note.get(f"{WORD}id") or ""
            if note.get(f"{WORD}type") is None and number.isdigit():
                self._builder.write(f"({number}) ")
                for paragraph in note.iter(f"{WORD}p"):
                    self._inline(paragraph, 0)
                self._builder.end_block()
        return self._builder.text()

    def _blocks(self, parent: Element, depth: int) -> None:
        """Paragraphs and tables in order, those within content controls too."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{WORD}p":
                self._paragraph(child)
            elif child.tag == f"{WORD}tbl":
                self._table(child)
            elif child.tag not in _LEFT_OUT and child.tag != _ALTERNATIVE:
                self._blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element) -> None:
        mark = self._mark(paragraph)
        if mark:
            self._builder.write(f"{mark} ")
        self._inline(paragraph, 0)
        self._builder.end_block()

    def _mark(self, paragraph: Element) -> str:
        style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        name = (style.get(f"{WORD}val") or "") if style is not None else ""
        place = _number_of(paragraph) or self._style_numbers.get(name)
        has_words = any(text.text and text.text.strip() for text in paragraph.iter(f"{WORD}t"))
        return self._numbering.mark(*place) if place and has_words else ""

    def _table(self, table: Element) -> None:
        """One line a row, cells parted by bars."""
        for row in table.iter(f"{WORD}tr"):
            cells = [cell for cell in row if cell.tag == f"{WORD}tc"]
            for position, cell in enumerate(cells):
                if position:
                    self._builder.write(" | ")
                self._inline(cell, 0)
            self._builder.end_block(tight=True)
        self._builder.end_group()

    def _inline(self, element: Element, depth: int) -> None:
        """The words of a paragraph; accepted insertions and links belong to it, deletions do not."""
        if depth > _DEEPEST:
            return
        for child in element:
            if child.tag in _LEFT_OUT or child.tag == _ALTERNATIVE:
                continue
            if child.tag == f"{WORD}t":
                self._text(child)
            elif child.tag == f"{WORD}tab":
                self._builder.write(" ")
            elif child.tag in (f"{WORD}br", f"{WORD}cr"):
                self._builder.end_block(tight=True)
            elif child.tag == f"{WORD}noBreakHyphen":
                self._builder.write("-")
            elif child.tag == f"{WORD}footnoteReference":
                self._builder.write(f" ({child.get(f'{WORD}id')})")
            else:
                self._inline(child, depth + 1)

    def _text(self, text: Element) -> None:
        align = text.getparent().find(f"{WORD}rPr/{WORD}vertAlign")
        if align is not None and align.get(f"{WORD}val") == "superscript":
            self._builder.write_raised(text.text or "")
        else:
            self._builder.write(text.text or "")

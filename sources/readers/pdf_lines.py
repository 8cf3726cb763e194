"""PDF pages → lines with their places, by pdfium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sources.errors import UnreadableFile
from sources.readers.text_builder import raised

SOFT_HYPHEN = "\u00ad"  # stands where the page broke a word, or a compound, at the line's end
MOST_PAGES = 3000
MOST_CHARACTERS = 20_000_000
_HYPHEN_CODES = frozenset({0x02, 0xAD, 0xFFFE})
_SAME_LINE = 0.45  # of the line height; a superscript stands off by less
_RAISED = 0.2  # of the line height
_SMALL = 0.9  # of the line height
_UPRIGHT = 0.1  # radians; stamps in the margin are turned further


@dataclass(slots=True)
class Line:
    """One printed line: `baseline` counts from the foot of the page, `height` is that of its largest characters."""

    page: int
    text: str
    left: float
    right: float
    baseline: float
    height: float


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The lines of a document in drawing order, and whether pages hold pictures."""

    lines: list[Line]
    pages: int
    pictures: int


@dataclass(frozen=True, slots=True)
class _Glyph:
    character: str
    left: float
    right: float
    baseline: float
    height: float


def read_lines(raw: bytes, name: str) -> PdfPages:
    """Every upright line of the document; raises UnreadableFile where it cannot be opened."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableFile(f"{name} is locked with a password; save a copy without it.") from None
        raise UnreadableFile(f"{name} is not a whole PDF file; download or save it again.") from None
    try:
        return _read_pages(document, name)
    finally:
        document.close()


def _read_pages(document: Any, name: str) -> PdfPages:
    import pypdfium2

    count = len(document)
    if count > MOST_PAGES:
        raise UnreadableFile(f"{name} has {count:,} pages, more than {MOST_PAGES:,}; split it.")
    lines: list[Line] = []
    characters = pictures = 0
    for number in range(count):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            raise UnreadableFile(f"{name} has a broken page {number + 1}; download or save it again.") from None
        characters += text_page.count_chars()
        if characters > MOST_CHARACTERS:
            raise UnreadableFile(f"{name} has more than {MOST_CHARACTERS:,} characters; split it.")
        found = _lines_of_page(text_page, number)
        lines += found
        pictures += not found and any(True for _ in page.get_objects(filter=[3], max_depth=2))
        text_page.close()
        page.close()
    return PdfPages(lines, count, pictures)


def _glyphs(text_page: Any) -> Iterator[_Glyph]:
    """The upright characters of a page, in drawing order."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    handle = text_page.raw
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(handle, index)
        if code in (0x0A, 0x0D, 0) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        if abs(pdfium.FPDFText_GetCharAngle(handle, index)) > _UPRIGHT:
            continue
        pdfium.FPDFText_GetLooseCharBox(handle, index, box)
        pdfium.FPDFText_GetCharOrigin(handle, index, x, y)
        character = SOFT_HYPHEN if code in _HYPHEN_CODES else chr(code)
        yield _Glyph(character, box.left, box.right, y.value, abs(box.top - box.bottom))


def _lines_of_page(text_page: Any, page: int) -> list[Line]:
    lines: list[Line] = []
    line: Line | None = None
    script = ""  # superscript characters not yet written
    for glyph in _glyphs(text_page):
        visible = bool(glyph.character.strip())
        if line is None or (visible and _leaves(line, glyph)):
            if line is not None:
                line.text += raised(line.text, script)
            script = ""
            line = Line(page, "", glyph.left, glyph.right, glyph.baseline, glyph.height)
            lines.append(line)
        if visible and _is_raised(line, glyph):
            script += glyph.character
        else:
            line.text += raised(line.text, script) + glyph.character
            script = ""
        if visible:
            line.right = max(line.right, glyph.right)
            line.height = max(line.height, glyph.height)
    if line is not None:
        line.text += raised(line.text, script)
    return [found for found in lines if found.text.strip()]


def _leaves(line: Line, glyph: _Glyph) -> bool:
    """Whether a character begins another line: it stands higher or lower, or back to the left."""
    height = max(line.height, glyph.height, 1.0)
    return abs(glyph.baseline - line.baseline) > height * _SAME_LINE or glyph.left < line.right - 2 * height


def _is_raised(line: Line, glyph: _Glyph) -> bool:
    return (
        bool(line.text.strip())
        and glyph.baseline - line.baseline > line.height * _RAISED
        and glyph.height < line.height * _SMALL
        and glyph.character.isalnum()
    )

"""PDF → canonical text: paragraphs put together again across lines and pages.

Running heads and page numbers go, hyphenation is mended by the document's own words, footnotes move behind the
text they belong to (before the next annex, or to the end), superscripts are kept as 10^26.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sources.errors import UnreadableFile
from sources.readers.pdf_furniture import by_page, common_height, split_footnotes, starts_note, without_furniture
from sources.readers.pdf_lines import SOFT_HYPHEN, Line, PdfPages, read_lines
from sources.readers.text_builder import clean_characters

MOST_BYTES = 64 * 1024 * 1024
_NEW_PARAGRAPH = 1.2  # times the usual distance between lines
_ROOM_LEFT = 0.4  # of the width
_PERHAPS_NEW = 1.07  # so much is a paragraph's where the words allow it
_ENDS = (".", ":", ";", "!", "?", "。", "：", "；", "！", "？", ".”", ".’", "”。", ")", "）")
_AND = re.compile(r"(?:\band|\bor|、|和|或),?$")
_MARK = re.compile(
    r"^[‘“]?(?:\((?:\d{1,3}|[ivxl]{1,6}|[a-z]{1,2}|[A-Z])\)|\d{1,3}(?:\.\d{1,2})*\.(?:\s|$)|[—–•·]\s|[（(][一二三四五六七八九十]+[)）]"
    r"|第[一二三四五六七八九十百]+[条章节]|[一二三四五六七八九十]+、|Article \d+|Sec\. \d+\.)"
)
_ANNEX = re.compile(r"^(?:ANNEX|APPENDIX|Annex|Appendix)\b[^.]{0,12}$|^附(?:件|录).{0,4}$")
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HYPHENATED_PREFIXES = frozenset({"self", "all", "ex", "cross", "quasi"})
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]")


def read_pdf(raw: bytes, name: str) -> str:
    """The canonical text of a PDF; raises UnreadableFile with one sentence that names it."""
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(f"{name} has {len(raw):,} bytes, more than {MOST_BYTES:,}; split it into smaller files.")
    if b"%PDF-" not in raw[:1024]:
        raise UnreadableFile(f"{name} is not a PDF file; download or save it again.")
    pages = read_lines(raw, name)
    _check_readable(pages, name)
    paragraphs = _Paragraphs(without_furniture(by_page(pages.lines)))
    return "\n\n".join(paragraphs.all()) + "\n"


def _check_readable(pages: PdfPages, name: str) -> None:
    text = "".join(line.text for line in pages.lines)
    letters = sum(map(str.isalnum, text))
    if pages.pictures * 2 > pages.pages or (pages.pictures and letters < 40 * pages.pages):
        raise UnreadableFile(f"{name} holds scanned pages without text; recognise them with OCR and add the result.")
    if not letters:
        raise UnreadableFile(f"{name} holds no text; save the text itself.")
    if len(_UNREADABLE.findall(text)) > len(text) / 5:
        raise UnreadableFile(f"{name} does not say which characters its fonts show; recognise it with OCR.")


class _Paragraphs:
    """Puts the lines of all pages together into paragraphs."""

    def __init__(self, pages: dict[int, list[Line]]) -> None:
        everything = [line for lines in pages.values() for line in lines]
        self._height = common_height(everything)
        self._bodies: list[list[Line]] = []
        self._notes: list[list[Line]] = []  # by page, beside _bodies
        note_open = False
        for lines in pages.values():
            body, notes = split_footnotes(lines, self._height, note_open=note_open)
            note_open = bool(notes) and not notes[-1].text.rstrip().endswith(".")
            self._bodies.append(body)
            self._notes.append(notes)
        body_lines = [line for body in self._bodies for line in body]
        self._leading = _usual_leading(self._bodies)
        self._right = _usual([line.right for line in body_lines if line.right - line.left > self._height * 15])
        self._left = min((line.left for line in body_lines), default=0.0)
        self._spaced = _is_spaced(self._bodies, self._leading)
        self._mender = HyphenMender(line.text for line in everything)

    def all(self) -> list[str]:
        """Every paragraph; footnotes before the annex that follows them, or at the end."""
        done: list[str] = []
        notes: list[Line] = []
        current: list[Line] = []
        for body, page_notes in zip(self._bodies, self._notes, strict=True):
            for line in body:
                if current and self._begins(current, line):
                    done.append(self._join(current))
                    current = []
                if not current and _ANNEX.match(line.text.strip()):
                    done += self._note_paragraphs(notes)
                    notes = []
                current.append(line)
            notes += page_notes
        if current:
            done.append(self._join(current))
        return [paragraph for paragraph in [*done, *self._note_paragraphs(notes)] if paragraph]

    def _note_paragraphs(self, notes: Sequence[Line]) -> list[str]:
        groups: list[list[Line]] = []
        bracketed = any(line.text.startswith(("(", "（")) for line in notes)
        for line in notes:
            if not groups or (starts_note(line) and line.text.startswith(("(", "（")) == bracketed):
                groups.append([])
            groups[-1].append(line)
        return [self._join(group) for group in groups]

    def _begins(self, paragraph: list[Line], line: Line) -> bool:
        """Whether `line` begins a paragraph after `paragraph`."""
        last = paragraph[-1]
        if line.page != last.page:
            return self._begins_on_new_page(paragraph, line)
        gap = (last.baseline - line.baseline) / (self._leading * max(line.height, last.height, 1.0))
        if gap < 0:  # the next column
            return not line.text.strip()[:1].islower()
        if gap > _NEW_PARAGRAPH:
            return True
        if gap > _PERHAPS_NEW and (_ended(last) or _MARK.match(line.text)):
            return True
        if abs(line.height - last.height) > self._height * 0.2:
            return True
        if self._is_centred(last) and self._is_centred(line):
            return False
        if self._breaks_off(last, line) or (_MARK.match(line.text) and self._ended_early(last, line)):
            return True
        return not self._spaced and (self._ended_early(last, line) or self._starts_indented(paragraph, line))

    def _begins_on_new_page(self, paragraph: list[Line], line: Line) -> bool:
        last = paragraph[-1]
        if abs(line.height - last.height) > self._height * 0.2 or self._is_centred(line):
            return True
        ended = _ended(last)
        if _MARK.match(line.text) and (ended or last.text.rstrip().endswith(",")):
            return True
        if not ended:
            return False
        hanging = len(paragraph) > 1 and paragraph[1].left > paragraph[0].left + self._height / 2
        if hanging and abs(line.left - paragraph[-1].left) < 1 and not self._ended_early(last, line):
            return False
        return self._ended_early(last, line) or not line.text[:1].islower()

    def _ended_early(self, last: Line, line: Line) -> bool:
        """Whether the next line's first word would still have fitted behind the last one."""
        text = line.text.strip()
        first = text[:1] if _CJK.match(text) else text.split(" ", 1)[0]
        width = (line.right - line.left) / max(len(text), 1) * (len(first) + 1)
        fits = last.right + width < self._right
        return fits and (last.text.rstrip().endswith(_ENDS) or bool(_MARK.match(text)))

    def _breaks_off(self, last: Line, line: Line) -> bool:
        """Whether the last line leaves so much room that it cannot run on: a signature, an address, a short heading."""
        room = self._right - last.right
        short = room > (self._right - self._left) * _ROOM_LEFT
        return short and not self._is_centred(last) and line.text.strip()[:1].isupper()

    def _starts_indented(self, paragraph: list[Line], line: Line) -> bool:
        """Whether the line stands in from the margin as first lines do."""
        margin = paragraph[-1].left if len(paragraph) > 1 else self._left
        ended = paragraph[-1].text.rstrip().endswith(_ENDS)
        return ended and self._height * 0.8 < line.left - margin < self._height * 4

    def _is_centred(self, line: Line) -> bool:
        middle = (self._left + self._right) / 2
        return line.left > self._left + 2 * self._height and abs((line.left + line.right) / 2 - middle) < self._height

    def _join(self, lines: Sequence[Line]) -> str:
        text = ""
        for line in lines:
            text = self._mender.join(text, line.text) if text else _raw(line.text)
        plain = text.replace(SOFT_HYPHEN, "-").replace("‘‘", "“").replace("’’", "”")  # typesetters' double quotes
        return clean_characters(plain).strip()


def _ended(line: Line) -> bool:
    """Whether a paragraph may end with this line: a stop, or the “and” before the last item of a list."""
    text = line.text.rstrip()
    return text.endswith(_ENDS) or bool(_AND.search(text.rstrip(" ,;")))


def _raw(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _usual(values: Sequence[float]) -> float:
    return Counter(round(value) for value in values).most_common(1)[0][0] if values else 0.0


def _gaps(bodies: Sequence[Sequence[Line]]) -> list[float]:
    """Distances between neighbouring lines, in line heights."""
    found = []
    for body in bodies:
        for before, after in pairwise(body):
            gap = before.baseline - after.baseline
            if gap > 0:
                found.append(gap / max(before.height, after.height, 1.0))
    return found


def _usual_leading(bodies: Sequence[Sequence[Line]]) -> float:
    """The smallest common distance between lines, in line heights."""
    counts = Counter(round(gap, 1) for gap in _gaps(bodies))
    total = sum(counts.values())
    return next((gap for gap, count in sorted(counts.items()) if gap >= 0.8 and count >= total * 0.15), 1.2)


def _is_spaced(bodies: Sequence[Sequence[Line]], leading: float) -> bool:
    """Whether paragraphs are set apart by space, so that nothing else need be asked."""
    gaps = _gaps(bodies)
    return bool(gaps) and sum(gap > leading * _NEW_PARAGRAPH for gap in gaps) > len(gaps) * 0.08


class HyphenMender:
    """Joins lines; a hyphen at a line's end stays where the document writes that compound elsewhere."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        broken = False
        for text in texts:
            words = [word.lower() for word in _WORD.findall(text)]
            ends_broken = text.rstrip().endswith(SOFT_HYPHEN)
            self._words.update(words[int(broken) : len(words) - int(ends_broken)])
            broken = ends_broken

    def join(self, before: str, after: str) -> str:
        """One text of two lines."""
        after = _raw(after)
        if before.endswith(SOFT_HYPHEN):
            stem = before.rstrip(SOFT_HYPHEN)
            return stem + ("-" if self._keeps_hyphen(stem, after) else "") + after
        if before.endswith(("—", "/")) and not before.endswith((" —", " /")):
            return before + after
        if re.search(r"https?://\S*[./-]$|\d–$", before) or (_CJK.search(before[-1:]) and _CJK.match(after)):
            return before + after
        return f"{before} {after}"

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        left = re.search(r"[^\W\d_]+(?:-[^\W\d_]+)*$", before)
        right = re.match(r"[^\W\d_]+", after)
        if not left or not right or not right[0].islower():
            return True
        first, second = left[0].lower(), right[0].lower()
        joined, hyphenated = self._words[first + second], self._words[f"{first}-{second}"]
        if joined != hyphenated:
            return hyphenated > joined
        if left[0].isupper() or first in _HYPHENATED_PREFIXES:
            return True
        return len(first) > 2 and len(second) > 2 and bool(self._words[first] and self._words[second])

"""EU regulations: citations, recitals, chapters, articles, paragraphs, points, footnotes, annexes.

(9) …  after “Whereas:”      recital9
Article 5 / title            art5.title (heading)
1. …  (a) …  (i) …           art5.1, art5.1.a, art5.1.c.i
unnumbered text              art4, then art4.p2 …; after points, art5.1.p2
Article 3 (63) …             art3.63
ANNEX III / 1. / (a)         annexIII.1.a; Section A → annexI.A.1; dashes → annexII.b1
after “Done at”              end.1 …, footnotes fn1 …
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.edition import Unit, UnitKind
from sources.numerals import ROMAN_NUMERAL
from sources.structure.blocks import Block, UnitBuilder, blocks_of
from sources.structure.markers import BRACKETED, Ladder

_RECITAL = re.compile(r"^\((\d+)\)\s*")
_CHAPTER = re.compile(rf"^CHAPTER {ROMAN_NUMERAL}$")
_SECTION = re.compile(r"^SECTION \d+$")
_ARTICLE = re.compile(r"^Article (\d+)$")
_ANNEX = re.compile(rf"^ANNEX ({ROMAN_NUMERAL})$")
_ANNEX_SECTION = re.compile(r"^Section ([A-Z]|\d+)\b")
_NUMBERED = re.compile(r"^(\d+(?:\.\d+)*)\.(?:\s+|$)")
_DASH = re.compile(r"^[—–-]\s+")


class _RegulationParser:
    """One pass over the lines; `_read` is the reader of the part that the text is in."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._builder = UnitBuilder()
        self._ladder = Ladder()
        self._read: Callable[[int, Block], None] = self._read_citation
        self._base = ""  # article or annex (with its section): art5, annexI.A
        self._number = ""  # numbered paragraph within the base: "1", "3.1"
        self._bullets = 0
        self._heading_open = False
        self._chapter_level = 0
        self._count = 0

    def parse(self) -> tuple[Unit, ...]:
        for position, block in enumerate(self._blocks):
            if not self._starts_part(block):
                self._read(position, block)
        return tuple(self._builder.units)

    def _starts_part(self, block: Block) -> bool:
        """Headings that switch the reader, wherever they stand."""
        text = block.text
        if match := _ANNEX.match(text):
            self._open(block, 0, f"annex{match[1]}", f"ANNEX {match[1]}")
            self._read = self._read_article
        elif _CHAPTER.match(text):
            self._builder.heading(block, 0)
            self._heading_open, self._chapter_level = True, 1
            self._read = self._read_article
        elif _SECTION.match(text):
            self._builder.heading(block, 1)
            self._heading_open, self._chapter_level = True, 2
        elif match := _ARTICLE.match(text):
            self._open(block, self._chapter_level, f"art{match[1]}", text)
            self._read = self._read_article
        elif text.startswith("Done at ") and self._read == self._read_article:
            self._read, self._count = self._read_closing, 0
            self._read_closing(0, block)
        else:
            return False
        return True

    def _open(self, block: Block, level: int, base: str, label: str) -> None:
        self._base, self._number, self._bullets = base, "", 0
        self._ladder.reset()
        self._builder.heading(block, level, label=label, locator=f"{base}.title")
        self._heading_open = True

    def _read_citation(self, position: int, block: Block) -> None:
        if position == 0:
            self._builder.add("title", block.start, block.end, kind=UnitKind.TITLE)
            return
        self._count += 1
        self._builder.add(f"pre.{self._count}", block.start, block.end)
        if block.text == "Whereas:":
            self._read, self._base = self._read_recital, "recital0"

    def _read_recital(self, _position: int, block: Block) -> None:
        match = _RECITAL.match(block.text)
        if match and int(match[1]) == int(self._base.removeprefix("recital")) + 1:
            self._base = f"recital{match[1]}"
            self._builder.add(self._base, block.start, block.end, body=block.start + match.end())
        elif block.text.startswith("HAVE ADOPTED"):
            self._builder.add(f"pre.{self._count + 1}", block.start, block.end)
        else:
            self._builder.add(self._base, block.start, block.end)

    def _read_article(self, position: int, block: Block) -> None:
        if self._heading_open:
            self._heading_open = False
            self._builder.extend_heading(block)
        elif match := _ANNEX_SECTION.match(block.text) if self._base.startswith("annex") else None:
            annex = self._base.split(".")[0]
            name = match[1] if match[1].isalpha() else f"s{match[1]}"
            self._open(block, 1, f"{annex}.{name}", block.text)
            self._heading_open = len(block.text) < 12  # “Section 1”: its title is the next line
        elif match := _NUMBERED.match(block.text):
            self._number, self._bullets = match[1], 0
            self._ladder.reset()
            self._add(block, match.end())
        elif match := BRACKETED.match(block.text):
            self._ladder.enter(match[1], self._markers_after(position))
            self._bullets = 0
            self._add(block, match.end())
        elif match := _DASH.match(block.text):
            self._bullets += 1
            self._add(block, match.end(), f"b{self._bullets}")
        else:
            self._ladder.pop()
            self._bullets = 0
            self._add(block, 0)

    def _read_closing(self, _position: int, block: Block) -> None:
        if match := _RECITAL.match(block.text):
            self._builder.add(
                f"fn{match[1]}", block.start, block.end, kind=UnitKind.NOTE, body=block.start + match.end()
            )
            return
        self._count += 1
        self._builder.add(f"end.{self._count}", block.start, block.end, kind=UnitKind.NOTE)

    def _add(self, block: Block, label_length: int, *extra: str) -> None:
        parts = [self._base, self._number, *self._ladder.path, *extra]
        self._builder.add(".".join(filter(None, parts)), block.start, block.end, body=block.start + label_length)

    def _markers_after(self, position: int) -> list[str]:
        """The next bracketed markers of the same article, for the (i) ambiguity."""
        markers = []
        for block in self._blocks[position + 1 : position + 12]:
            if _ARTICLE.match(block.text) or _ANNEX.match(block.text):
                break
            if match := BRACKETED.match(block.text):
                markers.append(match[1])
        return markers


def parse_regulation(text: str, _title: str) -> tuple[Unit, ...]:
    """Units of an EU regulation, in text order."""
    return _RegulationParser(blocks_of(text)).parse()

"""US executive orders: sections, subsections and nested points.

Section 1. Purpose. text      sec1.title (heading) and sec1; more paragraphs sec1.p2 …
4.2. Title. (a) text          sec4.2.title and sec4.2.a
(i) (A) (1)                   sec4.2.a.i.A
signature                     end.1 …
"""

from __future__ import annotations

import re

from sources.edition import Unit, UnitKind
from sources.structure.blocks import Block, UnitBuilder, blocks_of
from sources.structure.markers import BRACKETED, Ladder

_SECTION = re.compile(r"^(?:Section|Sec\.) (\d+)\.\s+([^.]+)\.(?:\s+|$)")
_SUBSECTION = re.compile(r"^(\d+\.\d+)\.\s+([^.]+)\.(?:\s+|$)")
_SIGNATURE = re.compile(r"^(THE WHITE HOUSE|/s/)")


class _OrderParser:
    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._builder = UnitBuilder()
        self._ladder = Ladder()
        self._base = ""
        self._preamble = 0
        self._closing = 0

    def parse(self) -> tuple[Unit, ...]:
        for position, block in enumerate(self._blocks):
            if position == 0:
                self._builder.add("title", block.start, block.end, kind=UnitKind.TITLE)
            elif self._closing or _SIGNATURE.match(block.text):
                self._closing += 1
                self._builder.add(f"end.{self._closing}", block.start, block.end, kind=UnitKind.NOTE)
            elif match := _SECTION.match(block.text):
                self._open(position, block, match, level=0)
            elif match := _SUBSECTION.match(block.text):
                self._open(position, block, match, level=1)
            elif not self._base:
                self._preamble += 1
                self._builder.add(f"pre.{self._preamble}", block.start, block.end)
            else:
                self._body(position, block, block.start)
        return tuple(self._builder.units)

    def _open(self, position: int, block: Block, match: re.Match[str], *, level: int) -> None:
        """A heading that shares its line with the first words of its text."""
        self._base = f"sec{match[1]}"
        self._ladder.reset()
        heading = match.group().rstrip()
        line = Block(heading, block.start, block.start + len(heading), block.tight)
        label = f"Sec. {match[1]} {match[2]}"
        self._builder.heading(line, level, label=label, locator=f"{self._base}.title")
        if block.start + match.end() < block.end:
            self._body(position, block, block.start + match.end())

    def _body(self, position: int, block: Block, start: int) -> None:
        offset = start
        rest = block.text[start - block.start :]
        if not BRACKETED.match(rest):
            self._ladder.pop()  # flush text after a list belongs to the level above the list
        while match := BRACKETED.match(rest):
            self._ladder.enter(match[1], self._markers_after(position))
            offset += match.end()
            rest = rest[match.end() :]
        self._builder.add(".".join([self._base, *self._ladder.path]), start, block.end, body=offset)

    def _markers_after(self, position: int) -> list[str]:
        markers = []
        for block in self._blocks[position + 1 : position + 12]:
            if _SECTION.match(block.text):
                break
            if match := BRACKETED.match(block.text):
                markers.append(match[1])
        return markers


def parse_order(text: str, _title: str) -> tuple[Unit, ...]:
    """Units of a US executive order, in text order."""
    return _OrderParser(blocks_of(text)).parse()

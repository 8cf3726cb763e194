"""Text → lines with offsets, and the helper that parsers build units with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.edition import Unit, UnitKind

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One non-blank line without surrounding white space; `tight` when no blank line stands before it."""

    text: str
    start: int
    end: int
    tight: bool


def blocks_of(text: str) -> list[Block]:
    """All non-blank lines of `text`, in order."""
    blocks: list[Block] = []
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        start = match.start() + line.index(stripped)
        gap = text[blocks[-1].end : start] if blocks else "\n\n"
        blocks.append(Block(stripped, start, start + len(stripped), gap.count("\n") < 2))
    return blocks


@dataclass
class UnitBuilder:
    """Collects units in text order and keeps locators unique and the heading path current."""

    units: list[Unit] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _counts: dict[str, int] = field(default_factory=dict)  # how far each locator is taken
    _headings: int = 0

    def add(
        self, locator: str, start: int, end: int, *, body: int | None = None, kind: UnitKind = UnitKind.TEXT
    ) -> str:
        """Append a unit; a locator already taken gets the next free `.pN` below it. Returns the locator used."""
        unique, count = locator, self._counts.get(locator, 1)
        while unique in self._taken:
            count += 1
            unique = f"{locator}.p{count}"
        self._counts[locator] = count
        self._taken.add(unique)
        self.units.append(Unit(unique, kind, start, end, start if body is None else body, tuple(self.path)))
        return unique

    def heading(self, block: Block, level: int, *, label: str | None = None, locator: str | None = None) -> None:
        """Append a heading and make it the path entry at `level` (0 = topmost)."""
        del self.path[level:]
        if locator is None:
            self._headings += 1
            locator = f"h{self._headings}"
        self.add(locator, block.start, block.end, kind=UnitKind.HEADING)
        self.path.append(label or block.text)

    def extend_heading(self, block: Block) -> None:
        """Let the heading just added run on over `block`: “Article 5” and its title are one heading."""
        last = self.units.pop()
        self.units.append(Unit(last.locator, last.kind, last.start, block.end, last.body, last.path))
        self.path[-1] = f"{self.path[-1]} {block.text}"


def title_index(blocks: Sequence[Block], title: str) -> int:
    """Which block is the title: the one that equals `title`, else the first."""
    wanted = re.sub(r"\W", "", title)
    for position, block in enumerate(blocks[:15]):
        if wanted and re.sub(r"\W", "", block.text) == wanted:
            return position
    return 0

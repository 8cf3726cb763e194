"""News, declarations, resolutions, statements: headings, paragraphs, numbered items, bullets, inline lists.

paragraph                      p1, p2 … through the whole text
1. …  I. …  1 Take …           item1; text that follows it item1.p2; (a) item6.a; bullets item1.b1
一、heading (short)            heading, section sec1; （一）… sec1.1; text before items sec1.p1
— bullet, or unmarked item     p4.1, p4.2 … under the paragraph that introduces them with a colon
第一，…；第二，… in one line   p4 (lead-in), p4.1, p4.2 …; so with 一是…二是…
"""

from __future__ import annotations

import re
from itertools import pairwise

from sources.edition import Unit, UnitKind
from sources.numerals import CHINESE_NUMERAL, ROMAN_NUMERAL, chinese_to_int, roman_to_int
from sources.structure.blocks import Block, UnitBuilder, blocks_of, title_index
from sources.structure.markers import BRACKETED, Ladder

_MARKDOWN = re.compile(r"^(#{1,6})\s+(?=\S)")
_CHINESE_HEADING = re.compile(rf"^({CHINESE_NUMERAL})、(?=\S)")
_CHINESE_ITEM = re.compile(rf"^[（(]({CHINESE_NUMERAL})[）)]\s*")
_NUMBERED = re.compile(rf"^(?:(\d{{1,3}})[.．、]?\s+|(\d{{1,3}})[.．、]|({ROMAN_NUMERAL})\.\s+)(?=\S)")
_OUTCOME = re.compile(r"^Outcome \d+\b")
_BULLET = re.compile(r"^(?:——|[-–—•·*>])\s*(?=\S)")
_INLINE = re.compile(
    rf"(?<=[：:；;。，])(?:第({CHINESE_NUMERAL})[，,、]|({CHINESE_NUMERAL})是)|^(?:第({CHINESE_NUMERAL})[，,、]|({CHINESE_NUMERAL})是)"
)


class _StatementParser:
    def __init__(self, text: str, title: str) -> None:
        self._text = text
        self._blocks = blocks_of(text)
        self._title_at = title_index(self._blocks, title)
        self._builder = UnitBuilder()
        self._ladder = Ladder()
        self._section = ""  # sec2 inside a 二、 heading
        self._anchor = ""  # current paragraph or item
        self._anchor_is_item = False
        self._paragraphs = 0
        self._children = 0
        self._listing = False  # inside a list introduced with a colon
        self._rest_is_list = False  # all that follows is that list

    def parse(self) -> tuple[Unit, ...]:
        for position, block in enumerate(self._blocks):
            if position == self._title_at:
                label = _MARKDOWN.match(block.text)
                self._builder.add(
                    "title",
                    block.start,
                    block.end,
                    kind=UnitKind.TITLE,
                    body=block.start + (label.end() if label else 0),
                )
            else:
                self._read(position, block)
        return tuple(self._builder.units)

    def _read(self, position: int, block: Block) -> None:
        text = block.text
        if match := _MARKDOWN.match(text):
            self._heading(block, max(len(match[1]) - 2, 0), text[match.end() :])
        elif _OUTCOME.match(text):
            self._heading(block, 0, text)
        elif (match := _CHINESE_HEADING.match(text)) and len(text) <= 40 and not text.endswith("。"):
            self._heading(block, 0, text)
            self._section, self._paragraphs = f"sec{chinese_to_int(match[1])}", 0
        elif match := _CHINESE_ITEM.match(text):
            base = self._section or self._anchor
            number = chinese_to_int(match[1])
            self._item(block, f"{base}.{number}" if base else f"item{number}", match.end())
        elif (match := _NUMBERED.match(text)) and (number := self._number(match)):
            self._item(block, f"item{number}", match.end())
        elif (match := BRACKETED.match(text)) and self._anchor:
            path = self._ladder.enter(match[1], self._markers_after(position))
            self._builder.add(".".join([self._anchor, *path]), block.start, block.end, body=block.start + match.end())
        elif (match := _BULLET.match(text)) and self._anchor:
            self._child(block, match.end())
        elif self._is_unmarked_item(position, block):
            self._child(block, 0)
        else:
            self._paragraph(position, block)

    def _heading(self, block: Block, level: int, label: str) -> None:
        self._builder.heading(block, min(level, len(self._builder.path)), label=label)
        self._anchor, self._anchor_is_item, self._listing = "", False, False

    def _number(self, match: re.Match[str]) -> int:
        """Number of a numbered line when it continues the count (so that a year is no item), else 0."""
        number = int(match[1] or match[2] or 0) or roman_to_int(match[3] or "")
        item = re.match(r"item(\d+)", self._anchor) if self._anchor_is_item else None
        last = int(item[1]) if item else 0
        return number if number == last + 1 or (last == 0 and number <= 2) else 0

    def _item(self, block: Block, locator: str, label_length: int) -> None:
        self._ladder.reset()
        self._children, self._listing = 0, block.text.endswith((":", "："))
        self._anchor, self._anchor_is_item = locator, True
        self._builder.add(locator, block.start, block.end, body=block.start + label_length)

    def _child(self, block: Block, label_length: int) -> None:
        self._children += 1
        name = f"b{self._children}" if self._anchor_is_item else str(self._children)
        self._builder.add(f"{self._anchor}.{name}", block.start, block.end, body=block.start + label_length)

    def _paragraph(self, position: int, block: Block) -> None:
        self._ladder.reset()
        self._listing = block.text.endswith((":", "："))
        if self._anchor_is_item and not self._ends_items(position):
            self._builder.add(self._anchor, block.start, block.end)
            return
        self._paragraphs += 1
        self._anchor = f"{self._section}.p{self._paragraphs}".lstrip(".")
        self._anchor_is_item, self._children = False, 0
        self._inline_list(block)

    def _ends_items(self, position: int) -> bool:
        """Running text after the last numbered item, when no numbered item follows, closes the list."""
        if self._section:
            return False
        if len(self._blocks) - position > 3 or not self._anchor.startswith("item"):
            return False
        later = self._blocks[position:]
        opens = re.match(r"^(We |The |THE |In )", later[0].text)
        return bool(opens) and not any(_NUMBERED.match(block.text) for block in later)

    def _inline_list(self, block: Block) -> None:
        """Cut “…：第一，…；第二，…” into its lead-in and its members."""
        starts: list[int] = []
        for match in _INLINE.finditer(block.text):
            numeral = next(group for group in match.groups() if group)
            if chinese_to_int(numeral) == len(starts) + 1:
                starts.append(match.start())
        if len(starts) < 2:
            self._builder.add(self._anchor, block.start, block.end)
            return
        bounds = [*starts, len(block.text)]
        if lead := block.text[: starts[0]].rstrip():
            self._builder.add(self._anchor, block.start, block.start + len(lead))
        for number, (start, end) in enumerate(pairwise(bounds), 1):
            piece = block.text[start:end].rstrip()
            self._builder.add(f"{self._anchor}.{number}", block.start + start, block.start + start + len(piece))

    def _is_unmarked_item(self, position: int, block: Block) -> bool:
        """Members of a list that a colon introduced and nothing marks: names, lower-case clauses, or all the rest."""
        if not self._listing or not self._anchor:
            return False
        text = block.text
        is_name = len(text) <= 80 and not text.endswith((".", "。", ":", "："))
        if is_name or text[0].islower():
            return True
        if self._children == 0 and not self._anchor_is_item:
            self._rest_is_list = self._only_plain_paragraphs_follow(position)
        return self._rest_is_list and not self._anchor_is_item

    def _only_plain_paragraphs_follow(self, position: int) -> bool:
        """Whether at least three paragraphs are left and none of them is marked, tight or a lead-in."""
        rest = map(self._blocks.__getitem__, range(position, len(self._blocks)))
        return len(self._blocks) - position >= 3 and not any(
            later.tight
            or later.text[0].islower()
            or later.text.endswith((":", "："))
            or any(pattern.match(later.text) for pattern in (_BULLET, _NUMBERED, _MARKDOWN))
            for later in rest
        )

    def _markers_after(self, position: int) -> list[str]:
        return [
            match[1] for block in self._blocks[position + 1 : position + 12] if (match := BRACKETED.match(block.text))
        ]


def parse_statement(text: str, title: str) -> tuple[Unit, ...]:
    """Units of a news text, declaration, resolution or statement, in text order."""
    return _StatementParser(text, title).parse()

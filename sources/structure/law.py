"""Chinese laws and departmental rules, and their English translations: 章 节 条 款 项.

第二章 …            heading
第十四条 text       art14.1          Article 14 text
next line           art14.2
（一）text          art4.1.1         (1) text
before Article 1    pre.1, pre.2 …
"""

from __future__ import annotations

import re

from sources.edition import Unit, UnitKind
from sources.numerals import CHINESE_NUMERAL, chinese_to_int
from sources.structure.blocks import Block, UnitBuilder, blocks_of, title_index

_CHAPTER = re.compile(rf"^(第{CHINESE_NUMERAL}章|Chapter [IVXLC]+\b)")
_SECTION = re.compile(rf"^(第{CHINESE_NUMERAL}节|Section [IVXLC\d]+\b)")
_ARTICLE = re.compile(rf"^(?:第({CHINESE_NUMERAL}|\d+)条|Article (\d+))[\s　.:：]*(?=\S)")
_ITEM = re.compile(rf"^(?:[（(]({CHINESE_NUMERAL})[）)]|[（(](\d+)[）)])\s*")


def parse_law(text: str, title: str) -> tuple[Unit, ...]:
    """Units of a Chinese law, in text order."""
    blocks = blocks_of(text)
    builder = UnitBuilder()
    title_at = title_index(blocks, title)
    article, paragraph, preamble = 0, 0, 0
    for position, block in enumerate(blocks):
        if position == title_at:
            builder.add("title", block.start, block.end, kind=UnitKind.TITLE)
        elif _CHAPTER.match(block.text) and len(block.text) < 80:
            builder.heading(block, 0)
        elif _SECTION.match(block.text) and len(block.text) < 80:
            builder.heading(block, 1)
        elif match := _ARTICLE.match(block.text):
            numeral = match[1] or match[2]
            article = int(numeral) if numeral.isdigit() else chinese_to_int(numeral)
            paragraph = 1
            builder.add(f"art{article}.1", block.start, block.end, body=block.start + match.end())
        elif article == 0:
            preamble += 1
            builder.add(f"pre.{preamble}", block.start, block.end)
        elif match := _ITEM.match(block.text):
            _add_item(builder, block, match, f"art{article}.{paragraph}")
        else:
            paragraph += 1
            builder.add(f"art{article}.{paragraph}", block.start, block.end)
    return tuple(builder.units)


def _add_item(builder: UnitBuilder, block: Block, match: re.Match[str], paragraph: str) -> None:
    number = int(match[2]) if match[2] else chinese_to_int(match[1])
    builder.add(f"{paragraph}.{number}", block.start, block.end, body=block.start + match.end())

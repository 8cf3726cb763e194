"""A tiny corpus of our own words, and an embedder with known geometry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answer import Citation
from rag.cite import citation
from sources.edition import Edition, Origin
from sources.structure import detect_kind, parse_units

GARDEN_LAW = """园林管理办法

第一章 总则

第一条 为了保护公园里的树木，制定本办法。

第二条 游客进入公园应当遵守下列规定：

（一）不得攀折树枝；

（二）不得在草地上生火；

（三）不得喂食野生松鼠。

管理员可以劝离违反前款规定的游客。

第三条 违反本办法的，处五十元以上二百元以下罚款。
"""

GARDEN_NEWS = """公园论坛在松林镇开幕

首届公园论坛3月5日在松林镇开幕，来自12个城市的代表参加。

论坛围绕三个议题展开：第一，如何养护古树；第二，怎样管理游客；第三，如何筹集经费。

镇长林小树说：“没有古树，公园就没有灵魂。”
"""

GARDEN_DECLARATION = """The Pinewood Declaration

We, the park towns, affirm that old trees belong to everyone.

We resolve to plant 400 oaks before 2030.

The towns represented were:

Pinewood
Oakham
Elm Bay
"""

# One axis a topic: texts that share a topic word point the same way, whatever their language.
TOPICS = (
    ("树", "tree", "oak", "古树"), ("罚款", "fine"), ("论坛", "forum"), ("松鼠", "squirrel"), ("城市", "town", "cities"),
    ("生火", "fire"), ("议题", "theme"), ("镇长", "mayor"),
)  # fmt: skip


class TopicEmbedder:
    """An embedder whose axes are topics, so that tests know which texts are near."""

    name = "topics"
    dimension = len(TOPICS) + 1
    fingerprint = "topics-1"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str], *, is_query: bool = False) -> NDArray[np.float32]:
        self.embedded += [] if is_query else list(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for axis, words in enumerate(TOPICS):
                row[axis] = float(any(word in text.lower() for word in words))
            row[-1] = 0.1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_edition(source_id: str, language: str, text: str, origin: Origin = Origin.OFFICIAL) -> Edition:
    title = text.split("\n", 1)[0]
    kind = detect_kind(text)
    return Edition(source_id, language, origin, title, text, parse_units(text, title, kind), kind)


def cite(edition: Edition, quote: str, language: str = "zh") -> Citation:
    """The first place of a quote as a citation."""
    start = edition.text.index(quote)
    unit = edition.unit_at(start)
    assert unit is not None
    return citation(edition, unit, start, start + len(quote), language)

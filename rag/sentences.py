"""Sentence boundaries in Chinese and English, as spans, so that every sentence is an exact slice.

A quotation and its speaker stay together: “……。”某人说。 is one sentence, and so is a quotation of a few
sentences, because each of them alone would lose who said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CHINESE_END = re.compile(r"[。！？!?]+[”’」』）)》]*|\n+")
_ENGLISH_END = re.compile(r"[.!?]+[”’\")\]]*(?=\s+(?:</?\w|[\"“‘(\[]?[A-Z0-9]))|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|Nos?|Arts?|Sec|paras?|Mr|Mrs|Ms|Dr|Prof|St|Inc|Ltd|Co|pp?|et al|U\.S|U\.S\.C|U\.N)"
    r"|\b[A-Z]|^\W*\d+(?:\.\d+)*)\.$"
)
_ATTRIBUTION = re.compile(r"^[^“”]{1,60}(说|表示|指出|认为|称|强调|介绍)。$")
_LONGEST_QUOTATION = 230  # characters up to which a quotation is kept whole

Span = tuple[int, int]


def sentence_spans(text: str, language: str) -> list[Span]:
    """Spans of the sentences of `text`, without surrounding white space, in order."""
    pattern = _CHINESE_END if language == "zh" else _ENGLISH_END
    spans: list[Span] = []
    start = 0
    for end in [*_ends(text, pattern), len(text)]:
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            begin = start + piece.index(stripped)
            spans.append((begin, begin + len(stripped)))
        start = end
    return _with_speakers(text, spans) if language == "zh" else spans


def _ends(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    for match in pattern.finditer(text):
        if match.group().startswith(".") and _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start() + 1]):
            continue
        yield match.end()


def _with_speakers(text: str, spans: list[Span]) -> list[Span]:
    """Join sentences of one quotation, and a quotation with the attribution that follows it."""
    joined: list[Span] = []
    for start, end in spans:
        if joined:
            before = text[joined[-1][0] : joined[-1][1]]
            inside = before.count("“") > before.count("”") and end - joined[-1][0] <= _LONGEST_QUOTATION
            attribution = before.endswith("”") and _ATTRIBUTION.match(text[start:end])
            if inside or attribution:
                joined[-1] = (joined[-1][0], end)
                continue
        joined.append((start, end))
    return joined

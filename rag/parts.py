"""Questions that ask two things at once → their parts, each to be answered with the rest as its context."""

from __future__ import annotations

import re

from index.analyser import fold, terms_of_folded
from rag.wording import content

_ASKS = re.compile(
    r"什么|哪|多少|多久|几|谁|如何|怎|为何|吗|呢|啥|是否|\b(what|which|who|whom|when|where|why|how)\b", re.IGNORECASE
)
_BOUNDARY = re.compile(r"[？?]\s*")
_MOST_PARTS = 3


def parts_of(question: str) -> list[str]:
    """The parts that ask something of their own, in order; the whole question alone where there are not two."""
    pieces = [piece.strip() for piece in _BOUNDARY.split(question) if piece and piece.strip()]
    asking = [piece for piece in pieces if _ASKS.search(piece) and _has_topic(piece)]
    return asking[:_MOST_PARTS] if len(asking) > 1 else [question]


def _has_topic(piece: str) -> bool:
    """Whether a piece asks about something: at least three terms besides the words that ask."""
    return len({term for term in terms_of_folded(content(fold(piece))) if len(term) > 1}) >= 3

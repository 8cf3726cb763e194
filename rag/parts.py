"""Questions that ask two things at once → their parts, each to be answered with the rest as its context."""

from __future__ import annotations

import re

from index.analyser import fold, terms_of_folded
from rag.knowledge import Knowledge
from rag.wording import content

_ASKS = re.compile(
    r"什么|哪|多少|多久|几|谁|如何|怎|为何|吗|呢|啥|是否|\b(what|which|who|whom|when|where|why|how)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[^.。;；!！,，:：]*[.。;；!！,，:：]*\s*")
_ASKING_CLAUSE = re.compile(
    r"什么|哪|多少|多久|几[个名位天日年项条]|谁|(?<!任)何|怎|吗|呢|啥|是否|"
    r"^\W*(?:(?:so|and|but|then) )?(?:(?:on|in|at|to|from|by|for|with|since|until|of|under) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|does|do|did|can|must|should|may|will)\b"
)
_CONDITION = re.compile(
    r"^\W*(如果|要是|若|假如|当|在|按照?|根据|对于?|关于|据|就|从|为|既然|除了?|"
    r"(according|if|when|while|once|as|since|given|because|under|in|on|at|for|to|with|from|per|by|besides|apart|after|before)\b)"
)
_SENTENCE_END = re.compile(r"[.。!！]\s*$")
_FEWEST_STATED = 8  # letters or characters of a statement
_BOUNDARY = re.compile(r"[？?]\s*")
_MOST_PARTS = 3


def parts_of(question: str, knowledge: Knowledge) -> list[str]:
    """The parts that ask something of their own, in order; the whole question alone where there are not two."""
    pieces = [piece.strip() for piece in _BOUNDARY.split(question) if piece and piece.strip()]
    asking = [piece for piece in pieces if _ASKS.search(fold(piece)) and _has_topic(piece, knowledge)]
    return asking[:_MOST_PARTS] if len(asking) > 1 else [question]


def stated_before_asking(folded: str) -> str:
    """What a folded question states before it asks: “报道说…” of “报道说…，具体是谁？”; "" where it states nothing."""
    start = 0
    stated: list[str] = []
    for clause in _CLAUSE.findall(folded):
        if _ASKING_CLAUSE.search(clause):
            return folded[:start] if any(sum(map(str.isalnum, each)) >= _FEWEST_STATED for each in stated) else ""
        if _CONDITION.match(clause) and not _SENTENCE_END.search(clause):
            return ""
        stated.append(clause)
        start += len(clause)
    return ""


def _has_topic(piece: str, knowledge: Knowledge) -> bool:
    """Whether a piece asks about something: a name, or at least three terms besides the words that ask."""
    if any(mention.is_name for mention in knowledge.mentions(piece)):
        return True
    return len({term for term in terms_of_folded(content(fold(piece))) if len(term) > 1}) >= 3

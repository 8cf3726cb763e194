"""Denials and duties: which words of a sentence are denied, demanded or allowed.

A sentence that says 可以 where its source says 不得, or “must” where it says “may”, tells the opposite with nearly
the same words. Every such marker is read with its *scope*, the content words right behind it in the same clause, so
that two sentences can be compared marker by marker even when one leaves out half of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from index.analyser import fold, terms_of_folded

SCOPE = 3  # content words of a scope in English; Chinese counts characters, two a word


class Force(StrEnum):
    """What a marker does to the words in its scope."""

    DENIED = "denied"
    DEMANDED = "demanded"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker and its scope: search terms in order, nearest first."""

    force: Force
    word: str
    scope: tuple[str, ...]


_CHINESE = {
    Force.DENIED: r"不得|不应当|不应|不必|不可以|不能|不可|不会|不再|严禁|禁止|没有|无须|无需|"
    r"并未|从未|尚未|并非|并不|不|未|没|无|非",
    Force.DEMANDED: r"应当|必须|须|应",
    Force.ALLOWED: r"可以|有权|可",
}
_ENGLISH = {
    Force.DENIED: r"\w+n['’]t\b|cannot\b|not\b|no\b|never\b|nor\b|neither\b|none\b|without\b|prohibit\w*|"
    r"forbid\w*|forbade\b|bans?\b|banned\b|refrain\w*",
    Force.DEMANDED: r"must\b|shall\b|(?:has|have|had) to\b|required to\b|obliged to\b|(?:is|are) to\b",
    Force.ALLOWED: r"may\b(?! \d)|can\b|could\b|allowed to\b|permitted to\b|entitled to\b",
}
# Words that hold a marker's letters and deny, demand or allow nothing.
_INNOCENT = re.compile(
    r"不断|不仅|不但|不只|不同|不论|无论|不管|不少|不久|不良|不当|不正当|不公|不平等|不利|不足|不法|不安|不稳定|不确定|"
    r"不可或缺|不可分割|前所未有|未来|未成年|未经|非常|非洲|非法|非政府|非个人|非歧视|除非|无人|无障碍|无关|无辜|差不多|是否|"
    r"适应|反应|响应|供应|相应|效应|对应|应用|应对|应急|"
    r"可能|可靠|可信|可持续|可控|可行|可解释|可追溯|认可|许可|可及|可用|可见|可比|可预[测见]|可再生|"
    r"whether or not|not least|no one|non-\w+|cannot but"
)
_LATIN_MARKER = re.compile(
    "|".join(rf"(?P<{force.name}>(?<![a-z])(?:{pattern}))" for force, pattern in _ENGLISH.items())
)
_CHINESE_MARKER = re.compile("|".join(rf"(?P<{force.name}>{pattern})" for force, pattern in _CHINESE.items()))
_CLAUSE = re.compile(r"[，。；：,;:.!?！？、（）()]")
_FILLER = re.compile(r"^(?:only|also|be|been|so|any|such|therefore|然|只|也|被|在|对|把|将|以|向|通过|按照|依法)+")


def markers(text: str) -> list[Marker]:
    """The markers of a text in order."""
    folded = _INNOCENT.sub(lambda match: "\0" * len(match.group()), fold(text))
    words = fold(text)
    return [
        Marker(Force[match.lastgroup or ""], match.group(), _scope(words, match.start(), match.end()))
        for match in _matches(folded)
    ]


def _matches(folded: str) -> Iterator[re.Match[str]]:
    found = [*_CHINESE_MARKER.finditer(folded), *_LATIN_MARKER.finditer(folded)]
    return iter(sorted(found, key=lambda match: match.start()))


def _scope(folded: str, start: int, end: int) -> tuple[str, ...]:
    """Content terms behind the marker in its clause, or before it where the clause ends there."""
    clause = _CLAUSE.split(folded[end : end + 60], maxsplit=1)[0].strip()
    behind = _scope_terms(_FILLER.sub("", clause))
    if behind:
        return tuple(behind)
    before = _CLAUSE.split(folded[max(0, start - 60) : start])[-1]
    return tuple(reversed(_scope_terms(before, last=True)))


def _scope_terms(clause: str, *, last: bool = False) -> list[str]:
    """The nearest few terms: Chinese as character pairs, English as stems."""
    chinese = re.search(r"[\u3400-\u9fff]{2,}", clause[-12:] if last else clause[:12])
    if chinese:
        run = chinese.group()[-2 * SCOPE :] if last else chinese.group()[: 2 * SCOPE]
        return [run[position : position + 2] for position in range(len(run) - 1)]
    found = [term for term in terms_of_folded(clause) if term.isascii() and term not in _MARKING]
    return found[-SCOPE:] if last else found[:SCOPE]


_MARKING = frozenset("must shall may can not no be been".split())


def clashes(told: Iterable[Marker], held: Iterable[Marker], told_terms: frozenset[str]) -> list[str]:
    """Markers by which a sentence and its source disagree; `told_terms` are the sentence's own terms.

    Denials are compared both ways, duties and permissions only against each other.
    """
    told, held = list(told), list(held)
    found = [f"{marker.word} {' '.join(marker.scope[:2])}" for marker in told if _is_new_denial(marker, held)]
    found += [f"left out: {marker.word}" for marker in held if _is_lost_denial(marker, told, told_terms)]
    found += [f"{marker.word} {' '.join(marker.scope[:2])}" for marker in told if _is_other_duty(marker, held)]
    return found


def _is_new_denial(marker: Marker, held: list[Marker]) -> bool:
    if marker.force is not Force.DENIED:
        return False
    return not any(other.force is Force.DENIED and _share_scope(marker, other) for other in held)


def _is_lost_denial(marker: Marker, told: list[Marker], told_terms: frozenset[str]) -> bool:
    if marker.force is not Force.DENIED or not marker.scope or not told_terms.issuperset(marker.scope[:2]):
        return False
    return not any(other.force is Force.DENIED and _share_scope(marker, other) for other in told)


def _share_scope(one: Marker, other: Marker) -> bool:
    """Whether the nearest words of either stand in the scope of the other."""
    return bool(set(one.scope[:2]) & set(other.scope) or set(other.scope[:2]) & set(one.scope))


def _is_other_duty(marker: Marker, held: list[Marker]) -> bool:
    """A duty where the source gives a permission over the same words, or the reverse."""
    if marker.force is Force.DENIED or not marker.scope:
        return False
    over_same = {other.force for other in held if marker.scope[0] in other.scope[:2]} - {Force.DENIED}
    return bool(over_same) and marker.force not in over_same

"""Blocks of an edition → analysed sentences: what the reader scores."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.analyser import fold, terms_of_folded
from index.split import block_locator
from rag.sentences import sentence_spans
from sources.edition import Edition, Unit, UnitKind

_PUNCTUATION = re.compile(r"[。；，：:;,!?！？]|\.$")
_LONGEST_NAME, _MOST_NAME_WORDS = 60, 9
_LEAD_IN = 160  # characters of a block's opening words that its points inherit


@dataclass(frozen=True, slots=True)
class Sentence:
    """An exact span of an edition with its search terms and those of its surroundings."""

    edition: Edition
    unit: Unit
    start: int
    end: int
    text: str
    folded: str
    terms: frozenset[str]
    setting: frozenset[str]  # terms of the title and headings it stands under
    nearby: frozenset[str]  # terms of its lead-in, and of the digest of the same unit
    number: int  # of the sentence in its unit, from 1
    introduces: bool  # the first sentence of a unit with points below it


def sentences_of_block(edition: Edition, block: str, digest: Edition | None) -> list[Sentence]:
    """Sentences of one block, bare names left out; `digest` restates the edition in the same language."""
    return [
        _sentence(edition, unit, number, (start, end), digest)
        for unit in block_units(edition, block)
        if not is_bare_name(edition.body_of(unit))
        for number, (start, end) in enumerate(unit_sentences(edition, unit), 1)
    ]


def _sentence(edition: Edition, unit: Unit, number: int, span: tuple[int, int], digest: Edition | None) -> Sentence:
    start, end = span
    text = edition.text[start:end]
    folded = fold(text)
    restated = digest.unit(unit.locator) if digest else None
    gist = digest.body_of(restated) if digest and restated else ""
    return Sentence(
        edition=edition,
        unit=unit,
        start=start,
        end=end,
        text=text,
        folded=folded,
        terms=_terms(folded),
        setting=_shared_terms(" ".join([edition.title, *unit.path])),
        nearby=_shared_terms(f"{_lead_in(edition, unit)} {gist}"),
        number=number,
        introduces=start == unit.body and len(points_below(edition, unit.locator)) > 1,
    )


@lru_cache(maxsize=1024)
def _shared_terms(text: str) -> frozenset[str]:
    """Terms of what neighbouring sentences have in common, as one set for all of them."""
    return _terms(fold(text))


def _terms(folded: str) -> frozenset[str]:
    """Search terms as a set; each term is held once in memory, however many sentences have it."""
    return frozenset(map(sys.intern, terms_of_folded(folded)))


def _lead_in(edition: Edition, unit: Unit) -> str:
    """The opening words of the block that a point belongs to: its subject."""
    block = edition.unit(block_locator(unit.locator))
    return "" if block is None or block is unit else edition.body_of(block)[:_LEAD_IN]


def block_units(edition: Edition, block: str) -> list[Unit]:
    """Text units of one block, in order."""
    return [
        unit
        for unit in edition.units_within(block)
        if unit.kind is UnitKind.TEXT and block_locator(unit.locator) == block
    ]


def unit_sentences(edition: Edition, unit: Unit) -> Sequence[tuple[int, int]]:
    """Spans of the sentences of one unit in the edition's text, label left out."""
    return [
        (unit.body + start, unit.body + end) for start, end in sentence_spans(edition.body_of(unit), edition.language)
    ]


def points_below(edition: Edition, locator: str) -> list[Unit]:
    """Units one level below `locator` that are points of its list, not running text."""
    depth = locator.count(".") + 1
    return [
        unit
        for unit in edition.units_within(locator)
        if unit.kind is UnitKind.TEXT
        and unit.locator.count(".") == depth
        and not unit.locator.rpartition(".")[2].startswith("p")
    ]


def is_bare_name(text: str) -> bool:
    """Whether a unit is only a name in a list, such as a country: no answer by itself, and no sentence."""
    return len(text) <= _LONGEST_NAME and not _PUNCTUATION.search(text) and len(text.split()) <= _MOST_NAME_WORDS

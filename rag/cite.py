"""Citations: a candidate sentence → the exact span that it rests on."""

from __future__ import annotations

from index.store import PassageIndex
from rag.answer import Citation, Claim, Support
from rag.reader import Candidate
from sources.edition import Edition, Origin, SourceKind, Unit, UnitKind
from sources.locator import is_within, parent, render


def claim_of(candidate: Candidate, passage_index: PassageIndex, language: str, *, heading: str = "") -> Claim:
    """The sentence as a claim: verbatim where it is quoted, a gloss where an official text stands behind the digest."""
    edition = candidate.edition
    if edition.origin is Origin.DIGEST and (official := _official_edition(passage_index, edition)) is not None:
        span = _official_span(official, candidate.unit, edition)
        if span is not None:
            unit, start, end = span
            return Claim(candidate.text, Support.GLOSS, (citation(official, unit, start, end, language),), heading)
    own = citation(edition, candidate.unit, candidate.start, candidate.end, language)
    return Claim(candidate.text, Support.VERBATIM, (own,), heading)


def citation(edition: Edition, unit: Unit, start: int, end: int, language: str) -> Citation:
    """The span of an edition as a citation, its place written in `language`."""
    return Citation(
        edition.source_id,
        edition.key,
        edition.language,
        edition.origin,
        unit.locator,
        start,
        end,
        edition.text[start:end],
        edition.title,
        place_name(edition, unit.locator, language),
    )


def place_name(edition: Edition, locator: str, language: str) -> str:
    """The locator as people write it; Chinese laws in 条款项, without 第一款 where there is no second."""
    head = locator.split(".")[0]
    law = edition.kind is SourceKind.LAW
    single = law and not any(is_within(unit.locator, f"{head}.2") for unit in edition.units_within(head))
    parts = edition.kind is not SourceKind.US_ORDER
    return render(locator, language, chinese_law=law, single_paragraph=single, numbered_parts=parts)


def _official_edition(passage_index: PassageIndex, digest: Edition) -> Edition | None:
    """The edition that a digest restates: in its own language if held, else in the other."""
    others = [edition for edition in passage_index.editions_of(digest.source_id) if edition.origin is not Origin.DIGEST]
    return min(others, key=lambda e: (e.language != digest.language, e.origin is not Origin.OFFICIAL), default=None)


def _official_span(official: Edition, unit: Unit, digest: Edition) -> tuple[Unit, int, int] | None:
    """The official words that a digest entry restates: its unit, with the points that have no entry of their own."""
    locator = unit.locator
    while locator and not official.units_within(locator):
        locator = parent(locator)
    within = official.units_within(locator) if locator else ()
    units = [own for own in within if own.kind is UnitKind.TEXT and _restated_by(own, locator, digest)]
    if not units:
        return None
    last = units[0]
    for other in units[1:]:  # one unbroken run of text
        if official.text[last.end : other.start].strip():
            break
        last = other
    return units[0], units[0].body, last.end


def _restated_by(unit: Unit, locator: str, digest: Edition) -> bool:
    """Whether no deeper entry than `locator` restates the unit."""
    at = unit.locator
    while at and at != locator:
        if digest.unit(at) is not None:
            return False
        at = parent(at)
    return at == locator

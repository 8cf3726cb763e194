"""Evidence: what a language model is given, numbered, and what its sentences are checked against.

One piece is one citable unit, read in the reader's language where that is held (as official text or digest). What
the extractive answer would use comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.split import block_locator
from index.store import PassageIndex
from rag.cite import place_name
from rag.reader import Candidate
from rag.support import CitedText
from rag.suspicious import Suspicion, suspicions, without_suspicious
from sources.edition import Edition, Origin
from sources.locator import parent

MOST = 12  # pieces
LONGEST = 9000  # characters of all pieces; small models hold little more
_LEAD_IN = 240  # characters of the words that introduce a point


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered piece: `shown` is what the model sees, `cited` what its sentences are checked against.

    `candidate` is a sentence of the unit; a citation keeps its edition and unit and takes the span that supports.
    """

    number: int
    candidate: Candidate
    shown: str
    title: str
    place: str
    cited: CitedText
    suspicions: tuple[Suspicion, ...]


def collect(
    used: Sequence[Candidate], candidates: Sequence[Candidate], passage_index: PassageIndex, language: str
) -> list[Evidence]:
    """Evidence from the units of `used`, then of the other candidates, best first; no unit twice.

    A unit in which nothing is left but suspicious text is passed over.
    """
    found: list[Evidence] = []
    length = 0
    for candidate in _one_a_unit([*used, *candidates]):
        piece = _piece(len(found) + 1, candidate, passage_index, language)
        if not any(map(str.isalnum, piece.shown)):
            continue
        length += len(piece.shown)
        if found and length > LONGEST:
            break
        found.append(piece)
        if len(found) == MOST:
            break
    return found


def _one_a_unit(candidates: Iterable[Candidate]) -> list[Candidate]:
    units: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        units.setdefault((candidate.edition.key, candidate.unit.locator), candidate)
    return list(units.values())


def _piece(number: int, candidate: Candidate, passage_index: PassageIndex, language: str) -> Evidence:
    edition, unit = candidate.edition, candidate.unit
    body = edition.body_of(unit)
    place = place_name(edition, unit.locator, language)
    lead_in = _lead_in(edition, unit.locator)
    titles = {other.title for other in passage_index.editions_of(edition.source_id)}
    context = "\n".join([*sorted(titles), *unit.path, lead_in, place, place_name(edition, unit.locator, "en")])
    cited = CitedText(
        body, edition.language, edition.source_id, context, tuple(_glosses(edition, unit.locator, passage_index))
    )
    shown = "\n".join(without_suspicious(text, edition.language) for text in (lead_in, body) if text)
    return Evidence(number, candidate, shown, edition.title, place, cited, suspicions(f"{lead_in}\n{body}"))


def _lead_in(edition: Edition, locator: str) -> str:
    """The words that introduce a point: the nearest unit above it, or the beginning of its block."""
    at = parent(locator)
    while at:
        if (above := edition.unit(at)) is not None:
            return edition.body_of(above)[:_LEAD_IN]
        at = parent(at)
    block = edition.unit(block_locator(locator))
    return "" if block is None or block.locator == locator else edition.body_of(block)[:_LEAD_IN]


def _glosses(edition: Edition, locator: str, passage_index: PassageIndex) -> Iterable[tuple[str, str]]:
    """The unit's digest in each language, or that of the nearest unit above it which has one."""
    for other in passage_index.editions_of(edition.source_id):
        if other.origin is not Origin.DIGEST or other.key == edition.key:
            continue
        at = locator
        while at and (restated := other.unit(at)) is None:
            at = parent(at)
        if at and restated is not None:
            yield other.language, other.body_of(restated)

"""Questions said to have no answer, against the whole corpus: a text added later can answer one unnoticed.

A unit is *near* a question if it holds at least half of the question's terms, weighed by their rarity, in any edition.
`cases/cleared.json` lists the near units that were found to hold no answer (those of the test split when its cases were
written from the same texts and checked); lint fails at any other.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from eval.case import CASES_FOLDER, Case, Expectation
from eval.documents import write_json
from index.analyser import terms
from index.store import PassageIndex
from sources.edition import Edition, UnitKind

NEAREST = 3
NEAR = 0.5
CLEARED_PATH = CASES_FOLDER / "cleared.json"
_EXCERPT = 120
Places = dict[str, list[str]]


def nearest_passages(cases: Sequence[Case], passage_index: PassageIndex) -> Iterator[tuple[Case, list[str]]]:
    """Each case that expects declining, with its nearest passages as "place: excerpt", for a person to read."""
    for case in unanswerable(cases):
        hits = passage_index.search(case.standalone or case.question, limit=NEAREST)
        yield (
            case,
            [f"{hit.passage.edition_key} {hit.passage.locator}: {hit.passage.text[:_EXCERPT]}" for hit in hits],
        )


def unanswerable(cases: Iterable[Case]) -> list[Case]:
    """Cases that expect declining."""
    return [case for case in cases if case.expect is Expectation.ABSTAIN]


def near_units(cases: Iterable[Case], editions: Mapping[str, Edition]) -> Places:
    """Near units as "edition locator", by case id; cases without any are left out."""
    units = [
        (f"{edition.key} {unit.locator}", frozenset(terms(edition.text_of(unit))))
        for edition in editions.values()
        for unit in edition.units
        if unit.kind is UnitKind.TEXT
    ]
    holders = Counter(term for _, held in units for term in held)
    found: Places = {}
    for case in unanswerable(cases):
        asked = {
            term: math.log(1 + len(units) / (1 + holders[term]))
            for term in set(terms(case.standalone or case.question))
        }
        least = NEAR * sum(asked.values())
        near = [place for place, held in units if sum(asked[t] for t in asked.keys() & held) >= least]
        if near and least:
            found[case.id] = near
    return found


def read_cleared(path: Path = CLEARED_PATH) -> Places:
    """Places that were read and hold no answer."""
    cleared: Places = json.loads(path.read_text(encoding="utf-8"))["places"] if path.exists() else {}
    return cleared


def write_cleared(found: Places, path: Path = CLEARED_PATH) -> None:
    """Add places to those that are cleared."""
    before = read_cleared(path)
    joined = {name: sorted({*before.get(name, []), *found.get(name, [])}) for name in sorted({*before, *found})}
    about = "Units that hold half of an unanswerable question's terms and were found to hold no answer to it."
    write_json(path, {"about": about, "places": joined})


def recheck_problems(found: Places, cleared: Places) -> Iterator[str]:
    """Near units that nobody has cleared, one sentence a case."""
    for name, places in found.items():
        fresh = sorted(set(places) - set(cleared.get(name, [])))
        if fresh:
            yield (
                f"{name}: expects declining, but {len(fresh)} unread units are near ({', '.join(fresh[:3])}); read "
                "them, then clear them with: python -m eval lint --clear"
            )

"""For a person to clear: what the texts say that comes nearest to each question said to have no answer.

A text added to the corpus can make such a question answerable without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.case import Case, Expectation
from index.store import PassageIndex

NEAREST = 3
_EXCERPT = 120


def nearest_passages(cases: Sequence[Case], passage_index: PassageIndex) -> Iterator[tuple[Case, list[str]]]:
    """Each case that expects declining, with its nearest passages as "place: excerpt"."""
    for case in cases:
        if case.expect is Expectation.ABSTAIN:
            hits = passage_index.search(case.standalone or case.question, limit=NEAREST)
            yield (
                case,
                [f"{hit.passage.edition_key} {hit.passage.locator}: {hit.passage.text[:_EXCERPT]}" for hit in hits],
            )

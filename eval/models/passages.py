"""Passages of a public set as sources of a real index on disk, built and embedded as any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from eval.inputs import index_over
from index.store import PassageIndex
from sources.edition import Edition, Origin, Unit, UnitKind
from sources.readers import language_of


def source_id_of(position: int) -> str:
    """The id of the source that passage number `position` becomes."""
    return f"passage-{position}"


def edition_of_passage(position: int, text: str) -> Edition:
    """A passage as a text of one unit, without title or headings, so that the index keeps it whole."""
    body = text.strip()
    start = text.index(body)
    unit = Unit("p1", UnitKind.TEXT, start, start + len(body), start)
    return Edition(source_id_of(position), language_of(text), Origin.OFFICIAL, "", text, (unit,))


@contextmanager
def index_of(passages: Sequence[str]) -> Iterator[PassageIndex]:
    """A temporary index with one source a passage, removed at the end."""
    with index_over((edition_of_passage(position, text) for position, text in enumerate(passages)), {}) as built:
        yield built

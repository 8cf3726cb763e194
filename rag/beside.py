"""Side by side: several sources on one theme, and what one source says of another beside what that other says itself.

beside = SideBySide(passage_index)
beside.on_theme("labelling", ["genai-interim-measures", "eu-ai-act"], "en")          # one Cell a source
beside.mentions("summit-article", "bletchley-declaration", ["p13", "p14"], "zh")      # one Row a sentence

Everything shown is a claim with its citation, verified like any answer. Nothing is judged here but closeness
(coverage + 0.4 · cosine, as in reading) and whether figures and dates of a sentence stand anywhere in the other text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.analyser import fold
from index.store import PassageIndex
from rag.answer import Citation, Claim
from rag.blocks import unit_sentences
from rag.cite import claim_of
from rag.facts import dates, figures
from rag.knowledge import Knowledge
from rag.named import without_numbered_names
from rag.question import understand
from rag.reader import Candidate, Reader
from rag.retrieve import Place, retrieve
from rag.verify import verified
from sources.edition import Edition, UnitKind

MOST_SOURCES = 4
NEAR_FROM = 0.65  # coverage + 0.4 · cosine from which a sentence is about a theme
SPEAKS_FROM, CLOSE_FROM = (
    0.5,
    0.8,
)  # the same, from which a passage stands beside another source's sentence, is close to it
_SIMILARITY_WEIGHT = 0.4  # as in reading
_CLOSE = 0.8  # share of the best closeness from which another sentence is shown as well
_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What one source says on a theme, in text order; without claims, `nearest` is what came closest."""

    source_id: str
    claims: tuple[Claim, ...]
    nearest: Citation | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence about another source, and the passage of that source closest to it, if any is near.

    `absent` are the figures and dates of the sentence that stand nowhere in any held edition of the other source.
    """

    said: Claim
    own: Claim | None
    closeness: float = 0.0  # of the passage, see the module's first lines; 0 where none is near
    absent: tuple[str, ...] = ()

    @property
    def is_close(self) -> bool:
        """Whether the passage is close in wording, not only on the same subject."""
        return self.own is not None and self.closeness >= CLOSE_FROM


class SideBySide:
    """Compares the sources of one index; loads what it needs when first used."""

    def __init__(self, passage_index: PassageIndex) -> None:
        self.passage_index = passage_index

    @cached_property
    def _knowledge(self) -> Knowledge:
        return Knowledge.load(self.passage_index.names)

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.passage_index, self._knowledge)

    def on_theme(self, theme: str, source_ids: Sequence[str], language: str) -> tuple[Cell, ...]:
        """One cell a held source, in the order asked for, at most `MOST_SOURCES`."""
        wanted = [name for name in dict.fromkeys(source_ids) if self.passage_index.editions_of(name)]
        return tuple(self._cell(theme, source_id, language) for source_id in wanted[:MOST_SOURCES])

    def _cell(self, theme: str, source_id: str, language: str) -> Cell:
        candidates = self._read(theme, source_id, language)
        near = [candidate for candidate in candidates if closeness(candidate) >= NEAR_FROM]
        best: dict[str, Candidate] = {}
        for candidate in near:
            if closeness(candidate) >= _CLOSE * closeness(near[0]):
                best.setdefault(candidate.place.block, candidate)
        chosen = sorted(list(best.values())[:_MOST_SENTENCES], key=lambda candidate: candidate.start)
        claims = self._claims(chosen, language)
        nearest = self._claims(candidates[:1], language)[:1] if not claims else ()
        return Cell(source_id, claims, nearest[0].citations[0] if nearest else None)

    def mentions(self, by: str, of: str, locators: Iterable[str], language: str) -> tuple[Row, ...]:
        """Each sentence of `by` at `locators` that names `of`, beside the closest passage of `of`."""
        return tuple(self._rows(by, of, locators, language))

    def _rows(self, by: str, of: str, locators: Iterable[str], language: str) -> Iterator[Row]:
        names = self._names(of, language)
        held = self._facts_of(of)
        for candidate in self._sentences(by, locators, language):
            folded = fold(candidate.text)
            if not any(name in folded for name in names):
                continue
            said = self._claims([candidate], language)
            if not said:
                continue
            near = [c for c in self._read(candidate.text, of, language) if closeness(c) >= SPEAKS_FROM]
            own = self._claims(near[:1], language)
            near_by = closeness(near[0]) if own else 0.0
            yield Row(said[0], own[0] if own else None, near_by, self._absent(candidate.text, held))

    def _read(self, text: str, source_id: str, language: str) -> list[Candidate]:
        """Sentences of one source, closest to `text` first."""
        question = understand(text, (), self._knowledge, language)
        found = self._reader.read(question, retrieve(question, self.passage_index, only=frozenset({source_id})))
        return sorted(found, key=lambda candidate: -closeness(candidate))

    def _sentences(self, source_id: str, locators: Iterable[str], language: str) -> Iterator[Candidate]:
        """The sentences of a source at those places, in the edition that the reader would read."""
        for locator in locators:
            place = Place(source_id, locator, 1.0, ())
            for edition in self._reader.reading_editions(place, language):
                for unit in edition.units_within(locator):
                    if unit.kind is not UnitKind.TEXT:
                        continue
                    for start, end in unit_sentences(edition, unit):
                        yield Candidate(edition, unit, start, end, edition.text[start:end], place, 1.0, 1.0, 1.0, 0.0)

    def _claims(self, candidates: Iterable[Candidate], language: str) -> tuple[Claim, ...]:
        """The sentences as claims, those that do not hold left out."""
        kept, _ = verified([claim_of(found, self.passage_index, language) for found in candidates], self.passage_index)
        return kept

    def _names(self, source_id: str, language: str) -> list[str]:
        """Folded names by which a text in `language` may name a source."""
        known = self.passage_index.names.get(source_id, {}).get(language, ())
        return [fold(name) for name in known if len(name) > 1]

    def _facts_of(self, source_id: str) -> tuple[set[str], list[Edition]]:
        editions = self.passage_index.editions_of(source_id)
        return {figure.value for edition in editions for figure in figures(edition.text)}, list(editions)

    def _absent(self, sentence: str, held: tuple[set[str], list[Edition]]) -> tuple[str, ...]:
        """Figures and dates of a sentence that the other text does not have."""
        values, editions = held
        told = without_numbered_names(sentence, self._knowledge)
        known = [date for edition in editions for date in dates(edition.text)]
        missing = [figure.value for figure in figures(told) if figure.value not in values]
        missing += [
            "-".join(str(part) for part in (date.year, date.month, date.day) if part)
            for date in dates(told)
            if not any(date.within(other) for other in known)
        ]
        return tuple(sorted(set(missing)))


def closeness(candidate: Candidate) -> float:
    """How near a sentence is to what it was read for, its rank among the places left out."""
    return candidate.coverage + _SIMILARITY_WEIGHT * max(candidate.similarity, 0.0)

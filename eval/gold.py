"""Gold: where the evidence of a case lies in the editions at hand.

One piece of evidence has a place in every edition of its source, and finding any of them is finding it:

* official editions and translations: the unit with everything below it (a unit's words exclude its points);
* digests: the anchor where one is given, else the entry of exactly that locator, or all entries below it;
* an edition without the locator: the nearest unit above it;
* an anchor that the digest no longer holds: the whole entry, and lint reports the anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from eval.case import Case, Evidence
from eval.spans import Span, SpanMap, Spans, merge, merge_map
from sources.edition import Edition, Origin, Unit
from sources.locator import parent


@dataclass(frozen=True, slots=True)
class Place:
    """Evidence in one edition: `spans` must be found, `unit` is what a person would cite for it."""

    edition_key: str
    spans: Spans
    unit: Spans
    locators: tuple[str, ...]


@dataclass(frozen=True)
class Gold:
    """All places of a case's evidence, and which sets of evidence are enough."""

    places: Mapping[str, tuple[Place, ...]]
    sufficient: tuple[tuple[str, ...], ...]

    @property
    def reachable(self) -> bool:
        """Whether some sufficient set has a place for each of its members in these editions."""
        return any(all(self.places.get(name) for name in group) for group in self.sufficient)

    @cached_property
    def required(self) -> frozenset[str]:
        """Evidence that is in at least one sufficient set."""
        return frozenset(name for group in self.sufficient for name in group)

    @cached_property
    def units(self) -> frozenset[tuple[str, str]]:
        """(edition key, locator) of every unit of required evidence."""
        return self._units(self.required)

    @cached_property
    def related_units(self) -> frozenset[tuple[str, str]]:
        """Units of evidence that is listed but enough for nothing."""
        return self._units(self.places.keys() - self.required) - self.units

    @cached_property
    def span_map(self) -> SpanMap:
        """All characters of required evidence, per edition."""
        return merge_map(
            (place.edition_key, span)
            for name in self.required
            for place in self.places.get(name, ())
            for span in place.spans
        )

    def _units(self, names: Iterable[str]) -> frozenset[tuple[str, str]]:
        return frozenset(
            (p.edition_key, loc) for name in names for p in self.places.get(name, ()) for loc in p.locators
        )


def gold_of(case: Case, editions: Mapping[str, Edition]) -> Gold:
    """The case's evidence in all editions of its sources."""
    groups = case.sufficient or ([list(case.evidence)] if case.evidence else [])
    return Gold(
        {name: tuple(places_of(evidence, editions.values())) for name, evidence in case.evidence.items()},
        tuple(tuple(group) for group in groups),
    )


def places_of(evidence: Evidence, editions: Iterable[Edition]) -> Iterable[Place]:
    """Places of one piece of evidence, one or more an edition."""
    for edition in editions:
        if edition.source_id == evidence.source_id:
            yield from _places_in(evidence, edition)


def _places_in(evidence: Evidence, edition: Edition) -> Iterable[Place]:
    choices = [
        (units, merge((unit.start, unit.end) for unit in units)) for units in unit_choices(edition, evidence.locator)
    ]
    if anchor := anchor_of(evidence, edition):
        for units, unit in choices:
            if found := find_anchor(edition, units, anchor):
                yield Place(edition.key, merge(found[:1]), unit, tuple(unit.locator for unit in units))
                return
    for units, unit in choices:
        yield Place(edition.key, unit, unit, tuple(unit.locator for unit in units))


def anchor_of(evidence: Evidence, edition: Edition) -> str:
    """The anchor for this edition: only digests have them."""
    if edition.origin is not Origin.DIGEST:
        return ""
    return next((text for language, text in evidence.anchor.items() if language == edition.language), "")


def find_anchor(edition: Edition, units: Iterable[Unit], anchor: str) -> list[Span]:
    """Every span of the anchor's text within these units."""
    found = []
    for unit in units:
        position = edition.text.find(anchor, unit.start, unit.end)
        while position >= 0:
            found.append((position, position + len(anchor)))
            position = edition.text.find(anchor, position + 1, unit.end)
    return found


def unit_choices(edition: Edition, locator: str) -> list[tuple[Unit, ...]]:
    """Alternative groups of units of an edition that state what stands at `locator`."""
    within = edition.units_within(locator)
    exact = edition.unit(locator)
    if within and edition.origin is Origin.DIGEST and exact is not None:
        below = tuple(unit for unit in within if unit is not exact)
        return [(exact,), below] if below else [(exact,)]
    if within:
        return [within]
    above = parent(locator)
    while above:
        if unit := edition.unit(above):
            return [(unit,)]
        above = parent(above)
    return []


def evidence_text(evidence: Evidence, editions: Iterable[Edition]) -> list[str]:
    """The words at each place of the evidence, whole units, one text an edition and choice."""
    texts = []
    for edition in editions:
        if edition.source_id == evidence.source_id:
            texts += [
                "\n".join(edition.text_of(unit) for unit in units) for units in unit_choices(edition, evidence.locator)
            ]
    return texts

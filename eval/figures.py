"""Figures that development cases ask for, and the same cases with another figure as the right one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from eval.case import Case, Expectation, Nugget
from eval.gold import unit_choices
from eval.matcher import find, matches
from eval.normalise import normalise
from eval.rewrite import holds_number, swap_number
from sources.edition import Edition, Unit

_ADDED = range(3, 40)  # the new figure is the old one and the first of these that stands nowhere near
_SMALLEST = 2  # “a” and “one” are in every text


@dataclass(frozen=True)
class Figure:
    """A figure that a case asks for, what takes its place, and where it stands: (edition key, locator)."""

    case: Case
    nugget: Nugget
    old: int
    new: int
    places: frozenset[tuple[str, str]]

    @property
    def renewed(self) -> Nugget:
        """The nugget with the new figure as the right one."""
        aliases = {lang: [swap_number(a, self.old, self.new) for a in w] for lang, w in self.nugget.aliases.items()}
        return self.nugget.model_copy(update={"aliases": aliases, "value": self._renewed_value()})

    def _renewed_value(self) -> object:
        value = self.nugget.value
        return value.model_copy(update={"num": self.new, "date": None}) if value else None

    def said(self, answer: str) -> str:
        """Which figure an answer states: "old", "new", "both" or "neither"."""
        old, new = matches(self.nugget, answer), matches(self.renewed, answer)
        return "both" if old and new else "old" if old else "new" if new else "neither"


def _wanted(nugget: Nugget) -> int | None:
    """The number to change: the nugget's value, or the year of its date."""
    if nugget.value is None or nugget.weight != "vital" or nugget.kind not in ("number", "date"):
        return None
    if nugget.kind == "date":
        year = (nugget.value.date or "")[:4]
        return int(year) if year.isdigit() and all(year in alias for alias in nugget.wordings) else None
    number = nugget.value.num
    return int(number) if number is not None and number == int(number) and number >= _SMALLEST else None


def figures_of(cases: Iterable[Case], editions: Mapping[str, Edition]) -> Iterator[Figure]:
    """The first changeable figure of every answerable case that has one; places asked for by their number are none."""
    for case in cases:
        if case.expect is not Expectation.ANSWER or case.type == "locate":
            continue
        found = (figure for nugget in case.vital if (figure := _figure(case, nugget, editions)))
        yield from list(found)[:1]


def _figure(case: Case, nugget: Nugget, editions: Mapping[str, Edition]) -> Figure | None:
    old = _wanted(nugget)
    if old is None:
        return None
    units = list(_stating(case, nugget, old, editions))
    if not units:
        return None
    near = [edition.body_of(unit) for edition, unit in units]
    new = next(old + more for more in _ADDED if not any(holds_number(text, old + more) for text in near))
    return Figure(case, nugget, old, new, frozenset((edition.key, unit.locator) for edition, unit in units))


def _stating(case: Case, nugget: Nugget, old: int, editions: Mapping[str, Edition]) -> Iterator[tuple[Edition, Unit]]:
    """Units that state the figure: those of the evidence, and others of its sources that word it as the nugget does."""
    sources = {piece.source_id for piece in case.evidence.values()}
    evidence = {
        (edition.key, unit.locator)
        for piece in case.evidence.values()
        for edition in editions.values()
        if edition.source_id == piece.source_id
        for units in unit_choices(edition, piece.locator)
        for unit in units
    }
    for edition in (edition for edition in editions.values() if edition.source_id in sources):
        for unit in edition.units:
            body = edition.body_of(unit)
            if not holds_number(body, old):
                continue
            if (edition.key, unit.locator) in evidence or _worded(nugget, body):
                yield edition, unit


def _worded(nugget: Nugget, body: str) -> bool:
    """Whether one of the wordings that is more than a bare number stands there."""
    known = normalise(body)
    telling = (alias for alias in nugget.wordings if not normalise(alias).compact.isdigit())
    return any(True for alias in telling for _ in find(alias, known))


def swapped(editions: Mapping[str, Edition], figures: Iterable[Figure]) -> dict[str, dict[str, str]]:
    """New bodies by edition key and locator, every figure replaced wherever it stands."""
    bodies: dict[str, dict[str, str]] = {}
    for figure in figures:
        for key, locator in sorted(figure.places):
            unit = editions[key].unit(locator)
            if unit is not None:
                held = bodies.setdefault(key, {})
                held[locator] = swap_number(held.get(locator, editions[key].body_of(unit)), figure.old, figure.new)
    return bodies

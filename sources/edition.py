"""Edition and Unit: one language version of a source, and the pieces that a person would cite.

The canonical text of an edition never changes once read; everything else (units, passages, citations)
is a pair of offsets into it, so a quote can always be checked against `edition.text[start:end]`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from sources.locator import is_within


class Origin(StrEnum):
    """Where the words of an edition come from."""

    OFFICIAL = "official"  # as published by its issuer
    TRANSLATION = "translation"  # somebody's translation of the official text
    DIGEST = "digest"  # this project's own restatement


class SourceKind(StrEnum):
    """How a text is built, and so which parser reads it and how its places are named."""

    NEWS = "news"
    STATEMENT = "statement"
    LAW = "law"  # Chinese law: 条 款 项
    EU_REGULATION = "eu-regulation"
    US_ORDER = "us-order"


class UnitKind(StrEnum):
    """What a unit is in the text's own structure."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    NOTE = "note"  # signatures and footnotes: kept, rarely cited


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest piece that a person would cite.

    `start:end` is its span in the canonical text without surrounding white space; `body` is where its
    words begin after a label such as “第十四条” or “(a)”; `path` holds the headings above it.
    """

    locator: str
    kind: UnitKind
    start: int
    end: int
    body: int
    path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edition:
    """One language version of a source as held here; `units` are in order and do not overlap."""

    source_id: str
    language: str
    origin: Origin
    title: str
    text: str
    units: tuple[Unit, ...]
    kind: SourceKind = SourceKind.STATEMENT
    read_on: date | None = None
    url: str = ""
    extra: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """Unique name among held editions: `genai-interim-measures.zh`, with `.digest` where it is one."""
        suffix = ".digest" if self.origin is Origin.DIGEST else ""
        return f"{self.source_id}.{self.language}{suffix}"

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical text: what a citation was checked against."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @cached_property
    def _by_locator(self) -> dict[str, Unit]:
        return {unit.locator: unit for unit in self.units}

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    def unit(self, locator: str) -> Unit | None:
        """The unit of exactly that locator, or None."""
        return self._by_locator.get(locator)

    @cached_property
    def _by_head(self) -> dict[str, list[Unit]]:
        heads: dict[str, list[Unit]] = {}
        for unit in self.units:
            heads.setdefault(unit.locator.partition(".")[0], []).append(unit)
        return heads

    def units_within(self, locator: str) -> tuple[Unit, ...]:
        """The unit of that locator and everything below it, in order."""
        return tuple(
            unit for unit in self._by_head.get(locator.partition(".")[0], ()) if is_within(unit.locator, locator)
        )

    def unit_at(self, offset: int) -> Unit | None:
        """The unit that holds the character at `offset`, or None between units."""
        position = bisect_right(self._starts, offset) - 1
        if position >= 0 and offset < self.units[position].end:
            return self.units[position]
        return None

    def units_between(self, start: int, end: int) -> tuple[Unit, ...]:
        """Units that share at least one character with `start:end`, in order."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = []
        for unit in self.units[first:]:
            if unit.start >= end:
                break
            if unit.end > start:
                found.append(unit)
        return tuple(found)

    def text_of(self, unit: Unit) -> str:
        """The exact slice of the canonical text, label included."""
        return self.text[unit.start : unit.end]

    def body_of(self, unit: Unit) -> str:
        """The slice without the label."""
        return self.text[unit.body : unit.end]

    def gaps(self) -> Iterator[str]:
        """Text before, between and after the units; only white space, or the parser lost something."""
        position = 0
        for unit in self.units:
            yield self.text[position : unit.start]
            position = unit.end
        yield self.text[position:]

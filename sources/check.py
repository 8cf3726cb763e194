"""Checking the library against official texts: coverage, orphans, copied runs, numbers.

Each finding is one sentence. Without official texts only the library's own format is checked.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.edition import Edition, Origin, Unit, UnitKind
from sources.library import LIBRARY_PATH, DigestEntry
from sources.locator import is_within, parent
from sources.numerals import numbers_in

LONGEST_COPIED = {"zh": 24, "en": 14}  # characters or words in a row from which a run counts as copied
EXCEPTIONS_PATH = LIBRARY_PATH / "number-exceptions.toml"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one official edition the digests restate."""

    edition: str
    units: int
    covered: int


def missing_units(edition: Edition, entries: Sequence[DigestEntry]) -> list[str]:
    """Locators of text units that no digest entry restates, at their own locator or one above it."""
    told = {entry.locator for entry in entries}
    missing = []
    for unit in edition.units:
        if unit.kind is not UnitKind.TEXT:
            continue
        at = unit.locator
        while at and at not in told:
            at = parent(at)
        if not at and not any(is_within(locator, unit.locator) for locator in told):
            missing.append(unit.locator)
    return missing


def orphan_locators(editions: Iterable[Edition], entries: Iterable[DigestEntry]) -> list[str]:
    """Digest locators that no official edition of the source has."""
    official = list(editions)
    return [entry.locator for entry in entries if official and not any(e.units_within(entry.locator) for e in official)]


def copied_runs(text: str, language: str, shingles: frozenset[str]) -> list[str]:
    """Runs of `text` that stand word for word among `shingles` (see `shingles_of`)."""
    return [run for run in _runs(text, language) if run in shingles]


def shingles_of(texts: Iterable[str], language: str) -> frozenset[str]:
    """Every run of the forbidden length in the official texts of a language."""
    return frozenset(run for text in texts for run in _runs(text, language))


def _runs(text: str, language: str) -> Iterable[str]:
    length = LONGEST_COPIED[language]
    folded = unicodedata.normalize("NFKC", text)
    if language == "zh":
        stream = "".join(re.findall(r"[\u4e00-\u9fff]", folded))
        return (stream[i : i + length] for i in range(len(stream) - length + 1))
    words = re.findall(r"[a-z0-9]+", folded.lower())
    return (" ".join(words[i : i + length]) for i in range(len(words) - length + 1))


def foreign_numbers(entry: DigestEntry, officials: Sequence[Edition], allowed: Mapping[str, Sequence[str]]) -> set[str]:
    """Numbers of a digest entry that the official unit, its headings and its titles do not hold."""
    at = entry.locator
    held: set[str] = set(allowed.get(at, ()))
    for edition in officials:
        anchor = at
        while anchor and not edition.units_within(anchor):
            anchor = parent(anchor)
        within = edition.units_within(anchor) if anchor else ()
        held |= _list_counts(within) | _list_counts(edition.units_within(parent(anchor)) if parent(anchor) else ())
        for unit in within:
            held |= numbers_in(edition.text_of(unit)) | numbers_in(" ".join(unit.path))
        above = edition.unit(parent(at)) if parent(at) else None
        held |= numbers_in(edition.text_of(above)) if above else frozenset()
        held |= numbers_in(edition.title)
    held |= {number for part in at.split(".") for number in re.findall(r"\d+", part)}
    told = numbers_in(entry.texts["zh"]) | numbers_in(entry.texts["en"])
    return {number for number in told - held if number not in {"1", "2"}}


def _list_counts(units: Sequence[Unit]) -> set[str]:
    """How many points each list among the units has: a digest may say “nine purposes”."""
    counts: dict[str, int] = {}
    for unit in units:
        above, _, last = unit.locator.rpartition(".")
        if last != "title" and not re.fullmatch(r"p\d+", last):
            counts[above] = counts.get(above, 0) + 1
    return {str(count) for count in counts.values()}


def load_exceptions(path: Path = EXCEPTIONS_PATH) -> dict[str, dict[str, list[str]]]:
    """Numbers allowed although the official unit does not hold them: source → locator → numbers."""
    if not path.exists():
        return {}
    return {
        source: {locator: [str(number) for number in numbers] for locator, numbers in by_locator.items()}
        for source, by_locator in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def check_source(
    entries: Sequence[DigestEntry],
    officials: Sequence[Edition],
    shingles: Mapping[str, frozenset[str]],
    allowed: Mapping[str, Sequence[str]],
    *,
    optional: tuple[str, ...] = (),
) -> list[str]:
    """Findings for one source: one sentence each, empty when its digest is sound."""
    findings = [f"{locator} is told, but no official edition has it" for locator in orphan_locators(officials, entries)]
    for edition in officials:
        if edition.origin is Origin.DIGEST:
            continue
        missing = [at for at in missing_units(edition, entries) if not at.startswith(optional or ("\0",))]
        if missing:
            findings.append(f"{len(missing)} units of {edition.key} have no digest: {', '.join(missing[:12])}")
    for entry in entries:
        for language, text in entry.texts.items():
            if runs := copied_runs(text, language, shingles.get(language, frozenset())):
                findings.append(f"{entry.locator} ({language}) copies the official text: {runs[0]!r}")
        if officials and (extra := foreign_numbers(entry, officials, allowed)):
            findings.append(
                f"{entry.locator} tells numbers that the official unit does not hold: {', '.join(sorted(extra))}"
            )
    return findings

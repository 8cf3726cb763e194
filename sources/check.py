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
from sources.structure.markers import CHINESE_NUMERAL, chinese_to_int, roman_to_int

LONGEST_COPIED = {"zh": 24, "en": 14}  # characters or words in a row from which a run counts as copied
EXCEPTIONS_PATH = LIBRARY_PATH / "number-exceptions.toml"
_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twentieth": 20,
}
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_NAME = re.compile(rf"\b({'|'.join(_MONTHS)}) \d|\d ({'|'.join(_MONTHS)})\b")
_ROMAN = re.compile(r"\b(?:annex(?:es)?|chapter|title|section)s? ([ivx]+)\b(?: (?:and|or|to) ([ivx]+)\b)?")
_MYRIADS = re.compile(r"(\d+(?:\.\d+)?)(万|亿)")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_CHINESE = re.compile(
    rf"(?:第|约|近|共|超过|至少|每)?({CHINESE_NUMERAL})(?=[个条款项名位国家种天日年月届类分倍次份人件大点%时])"
)


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


def numbers_in(text: str) -> frozenset[str]:
    """Numbers of a text as digits: figures, Chinese numerals before a measure word, English number words, months."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}(?!\d))", "", folded)
    folded = _MYRIADS.sub(lambda match: str(round(float(match[1]) * (10**4 if match[2] == "万" else 10**8))), folded)
    found = {_plain(number) for number in _DIGITS.findall(folded)}
    found |= {str(chinese_to_int(numeral)) for numeral in _CHINESE.findall(folded) if numeral not in "百千"}
    for word in re.findall(r"[a-z]+", folded):
        if word in _WORDS:
            found.add(str(_WORDS[word]))
        elif word in _ORDINALS:
            found.add(str(_ORDINALS[word]))
    found |= {str(roman_to_int(numeral)) for pair in _ROMAN.findall(folded) for numeral in pair if numeral}
    for month in _MONTH_NAME.findall(folded):  # only beside a figure: “may” is mostly a verb
        found.add(str(_MONTHS.index(month[0] or month[1]) + 1))
    return frozenset(found)


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else str(int(number))


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

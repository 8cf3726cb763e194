"""Checking an export against the index, offline: every quote, character by character.

python -m rag verify EXPORT [--index DIR]
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from rag.export.reading import Claimed, Export, Quoted, read_export
from rag.export.wording import EXACT_LABELS, GLOSS_LABELS
from sources.edition import Edition, Origin
from sources.locator import is_within

_NAMED = 5  # altered characters named a quote; more would be no help
_LONGEST_COMPARED = 20_000


@dataclass
class Check:
    """How many quotes and claims were checked, and one sentence per thing that does not hold."""

    quotes: int = 0
    claims: int = 0
    problems: list[str] = field(default_factory=list)


def verify_export(path: Path, editions: Mapping[str, Edition]) -> Check:
    """Check every quote and claim of an export; raises UnreadableExport."""
    export = read_export(path)
    check = Check(len(export.quotes), len(export.claims))
    if not export.quotes:
        check.problems.append(f"{path.name} holds no quote to check.")
    for quoted in export.quotes:
        check.problems += [f"Note {quoted.name}: {problem}" for problem in _quote_problems(quoted, editions)]
    for number, claim in enumerate(export.claims, 1):
        check.problems += [f"Claim {number}: {problem}" for problem in _claim_problems(claim, export, editions)]
    return check


def _quote_problems(quoted: Quoted, editions: Mapping[str, Edition]) -> Iterator[str]:
    anchor = quoted.anchor
    if anchor is None:
        yield "its anchor (edition, place, span, sha256) is missing or malformed, so it cannot be checked."
        return
    edition = editions.get(anchor.edition_key)
    if edition is None:
        yield f"the index holds no text {anchor.edition_key}; add it, rebuild the index and verify again."
        return
    held = edition.text[anchor.start : anchor.end]
    if edition.sha256 != anchor.sha256:
        still = "the quote still stands in it" if quoted.quote in edition.text else "the quote does not stand in it"
        yield (
            f"{edition.key} has sha256 {edition.sha256[:12]}… in this index, "
            f"{anchor.sha256[:12]}… in the export; {still}."
        )
        if held != quoted.quote and quoted.quote in edition.text:
            return
    if held != quoted.quote:
        where = f"{edition.key} {anchor.locator}"
        yield from (f"{difference} ({where})." for difference in differences(held, quoted.quote))
    unit = edition.unit_at(anchor.start)
    if unit is None or not (is_within(unit.locator, anchor.locator) or is_within(anchor.locator, unit.locator)):
        actual = unit.locator if unit is not None else "no unit"
        yield f"the place is {anchor.locator} in the export, {actual} in the text."


def _claim_problems(claim: Claimed, export: Export, editions: Mapping[str, Edition]) -> Iterator[str]:
    quotes = {quoted.name: quoted for quoted in export.quotes}
    for name in claim.names:
        if name not in quotes:
            yield f"it rests on note {name}, which is not in the export."
    cited = [quotes[name] for name in claim.names if name in quotes]
    if claim.label in EXACT_LABELS and cited and claim.text != cited[0].quote:
        yield from (f"{difference} (note {cited[0].name})." for difference in differences(cited[0].quote, claim.text))
    if claim.label in GLOSS_LABELS and cited and cited[0].anchor is not None:
        cited_edition = editions.get(cited[0].anchor.edition_key)
        if cited_edition is not None and not _is_digest(claim.text, cited_edition.source_id, editions):
            yield f"“{claim.text[:40]}…” is not what the digest of {cited_edition.source_id} says."


def _is_digest(text: str, source_id: str, editions: Mapping[str, Edition]) -> bool:
    digests = [e for e in editions.values() if e.source_id == source_id and e.origin is Origin.DIGEST]
    return not digests or any(text in digest.text for digest in digests)


def differences(expected: str, found: str) -> Iterator[str]:
    """The altered characters, by their place in the quote as exported, counted from 1."""
    if max(len(expected), len(found)) > _LONGEST_COMPARED:
        at = next((i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), len(expected))
        yield f"the quote differs from the text from character {at + 1} on"
        return
    changes = [
        change
        for change in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    for kind, start, end, at, to in changes[:_NAMED]:
        wanted, given = _shown(expected[start:end]), _shown(found[at:to])
        if kind == "delete":
            yield f"character {at + 1}: {wanted} of the text is missing"
        elif kind == "insert":
            yield f"character {at + 1}: {given} is not in the text"
        else:
            yield f"character {at + 1}: {given} stands where the text has {wanted}"
    if len(changes) > _NAMED:
        yield f"{len(changes) - _NAMED} further differences"


def _shown(text: str) -> str:
    """Characters in quotation marks, with the code point where there is one, and its name where it cannot be seen."""
    if len(text) != 1:
        return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
    is_seen = text.isprintable() and not text.isspace()
    name = "" if is_seen else f" {unicodedata.name(text, 'control character')}"
    return f"“{text if is_seen else ''}” (U+{ord(text):04X}{name})"

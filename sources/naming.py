"""Whether both languages of a digest unit name the same people, institutions, documents, events and places.

A name counts where it stands by itself: inside a longer name of the term sheet it is part of that one (“UN” in “UN
Charter”), and alone in brackets it repeats the name before it. On the other side any form will do, nested or not.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sources.errors import BadLibrary
from sources.library import LIBRARY_PATH, DigestEntry
from sources.terms import NAMED_KINDS, Term

NAME_EXCEPTIONS_PATH = LIBRARY_PATH / "name-exceptions.toml"
_KEY = 2  # names are looked up by their first characters
_STARTS = re.compile(r"[^\W_A-Za-z0-9À-ÿ]|(?<![A-Za-z0-9À-ÿ])[A-Za-z0-9À-ÿ]|“")
_LATIN = re.compile(r"[A-Za-z0-9À-ÿ]")
_PLURAL = re.compile(r"(?:e?s)?(?![A-Za-z0-9À-ÿ])")


@dataclass(frozen=True, slots=True)
class NameExceptions:
    """What one source is allowed.

    `wordings`: term id → words that stand for it there, exactly as written; `units`: locator → ids of terms that the
    unit may name in one language only.
    """

    wordings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)


def load_name_exceptions(path: Path = NAME_EXCEPTIONS_PATH) -> defaultdict[str, NameExceptions]:
    """Exceptions by source id, those of “all” for any other; raises BadLibrary where the file is not valid TOML."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"{path.name} is not valid TOML: {error}; mend that line.") from None
    shared = data.pop("all", {}).get("wordings", {})
    exceptions: defaultdict[str, NameExceptions] = defaultdict(lambda: NameExceptions(shared))
    for source, part in data.items():
        wordings = {term_id: (*shared.get(term_id, ()), *forms) for term_id, forms in part.get("wordings", {}).items()}
        exceptions[source] = NameExceptions({**shared, **wordings}, part.get("units", {}))
    return exceptions


class NameFinder:
    """Finds the terms that a text names, longest form first from left to right."""

    def __init__(self, terms: Sequence[Term], wordings: Mapping[str, Sequence[str]] | None = None) -> None:
        self._forms = _by_key((form, term.id) for term in terms for form in (*term.zh, *term.en))
        self._wordings = [(_whole(form), term_id) for term_id, forms in (wordings or {}).items() for form in forms]

    def named(self, text: str) -> dict[str, str]:
        """Terms that the text names by themselves: id → the form as it stands there."""
        found: dict[str, str] = {}
        end = 0
        for start in self._starts(text):
            if start >= end and (match := next(self._at(text, start), None)):
                end = start + len(match[0])
                if not _in_brackets(text, start, end):
                    found.setdefault(match[1], match[0])
        return found

    def held(self, text: str) -> set[str]:
        """Terms of which any form stands in the text, also inside a longer name."""
        held = {term_id for start in self._starts(text) for _, term_id in self._at(text, start)}
        return held | {term_id for wording, term_id in self._wordings if wording.search(text)}

    @staticmethod
    def _starts(text: str) -> Iterator[int]:
        return (match.start() for match in _STARTS.finditer(text))

    def _at(self, text: str, start: int) -> Iterator[tuple[str, str]]:
        for form, term_id in self._forms.get(text[start : start + _KEY].casefold(), ()):
            there = text[start : start + len(form)]
            exact = form == form.upper()  # capitals are meant as capitals: “US” is not “us”
            if there != form and (exact or there.casefold() != form.casefold()):
                continue
            if not _LATIN.match(form[-1]) or _PLURAL.match(text, start + len(form)):
                yield there, term_id


def _whole(form: str) -> re.Pattern[str]:
    """The form as written, no part of a longer Latin word."""
    before = r"(?<![A-Za-z0-9])" if _LATIN.match(form[0]) else ""
    after = r"(?![A-Za-z0-9])" if _LATIN.match(form[-1]) else ""
    return re.compile(before + re.escape(form) + after)


def _by_key(forms: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """Forms with their terms by their first characters, the longest first."""
    keyed: dict[str, list[tuple[str, str]]] = {}
    for form, term_id in sorted(forms, key=lambda pair: -len(pair[0])):
        keyed.setdefault(form.casefold()[:_KEY], []).append((form, term_id))
    return keyed


def _in_brackets(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] in ("(", "（") and text[end : end + 1] in (")", "）")


def name_findings(
    entries: Sequence[DigestEntry], terms: Sequence[Term], exceptions: NameExceptions | None = None
) -> list[str]:
    """One sentence for each name that only one language of a unit holds; empty when both agree."""
    allowed = exceptions or NameExceptions()
    finder = NameFinder(terms, allowed.wordings)
    by_id = {term.id: term for term in terms if term.kind in NAMED_KINDS}
    findings = []
    for entry in entries:
        for language, other in (("zh", "en"), ("en", "zh")):
            held: set[str] | None = None
            for term_id, form in finder.named(entry.texts[language]).items():
                if term_id not in by_id or term_id in allowed.units.get(entry.locator, ()):
                    continue
                held = finder.held(entry.texts[other]) if held is None else held
                if term_id not in held:
                    findings.append(
                        f"{entry.file}, line {entry.line}, {entry.locator}: {language} names {form!r} ({term_id}), "
                        f"{other} has none of {', '.join(map(repr, by_id[term_id].names(other)[:4]))}"
                    )
    return findings

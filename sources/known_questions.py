"""Questions that the library is known to answer: for every unit, some that readers would ask, in both languages.

    sources/library/questions/<source-id>.txt      or      sources/library/questions/<source-id>/<part>.txt

    [art5.1.a]
    1 Can an app nudge me without my noticing?
    0 …

Below the locator a question a line; the number is that of the sentence, in the digest of the question's language,
that answers it, 0 where the whole unit does. They are our own, written from the digests alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sources.errors import BadLibrary
from sources.library import LANGUAGES, LIBRARY_PATH, DigestEntry

QUESTIONS_PATH = LIBRARY_PATH / "questions"
_HEADING = re.compile(r"\[([^\]\s]+)\]")
_QUESTION = re.compile(r"(\d{1,2}) (\S.*)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with the unit, and the number of the digest's sentence, that answers it; 0 is the whole unit."""

    source_id: str
    locator: str
    sentence: int
    language: str
    text: str


def load_known_questions(folder: Path = QUESTIONS_PATH) -> tuple[KnownQuestion, ...]:
    """Every question, source by source in file order; raises BadLibrary naming file and line."""
    return tuple(
        question
        for path in sorted(folder.glob("**/*.txt"))
        for question in _read(path, path.stem if path.parent == folder else path.parent.name)
    )


def question_findings(entries: Iterable[DigestEntry], questions: Iterable[KnownQuestion]) -> list[str]:
    """Of one source: known questions of units that are not told, and units without a question in each language."""
    asked = {(question.locator, question.language) for question in questions}
    told = {(entry.locator, language) for entry in entries for language in LANGUAGES}
    astray = [
        f"a known question ({language}) is about {locator}, which is not told" for locator, language in asked - told
    ]
    return sorted([*astray, *(f"{locator} has no known question ({language})" for locator, language in told - asked)])


def _read(path: Path, source_id: str) -> Iterator[KnownQuestion]:
    locator = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if heading := _HEADING.fullmatch(line):
            locator = heading[1]
        elif line:
            asked = _QUESTION.fullmatch(line)
            if asked is None or not locator:
                raise BadLibrary(
                    f"{path.name}, line {number}: {line[:60]!r} is neither a [locator] nor, below one, the number of a "
                    "sentence and a question; write “1 Who …?”."
                )
            language = "zh" if _CHINESE.search(asked[2]) else "en"
            yield KnownQuestion(source_id, locator, int(asked[1]), language, asked[2])

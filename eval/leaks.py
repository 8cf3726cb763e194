"""What the program's own files may not know of the cases: their questions and the answers that they want.

Two ways of knowing: a case's words in the code or configuration of the answer path, and a known question of the
library that is nearly a case's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from eval.case import Case
from eval.lint import NEAR_DUPLICATE, character_pairs
from sources.known_questions import KnownQuestion

PROGRAM_PACKAGES = ("sources", "index", "rag")
PROGRAM_SUFFIXES = frozenset({".py", ".toml", ".json", ".txt", ".cfg", ".ini", ".yaml", ".yml", ".j2", ".html"})
# What states the facts themselves may hold the answers: digests, the term sheet, the catalogue's issuers and dates,
# the embedder's vocabulary.
NOT_PROGRAM = (Path("sources") / "library", Path("sources") / "catalogue.toml", Path("index") / "model")
WORD_LISTS = Path("rag") / "everyday"  # word of the digests = what people say
SHORTEST_SECRET = 8  # characters: shorter strings are in any program
FEWEST_WORDS = 3  # of a Latin string: "must not" and "annex III" are in any program about law


def program_files(root: Path) -> list[Path]:
    """Code and configuration of the answer path: everything that could know a case by heart."""
    found = [path for package in PROGRAM_PACKAGES for path in sorted((root / package).rglob("*")) if path.is_file()]
    return [
        path
        for path in found
        if path.suffix in PROGRAM_SUFFIXES
        and not any(path.relative_to(root).is_relative_to(other) for other in NOT_PROGRAM)
    ]


def _own_words(path: Path, root: Path) -> str:
    """A file in small letters; of the lists of everyday words only what people say: the rest is from the digests."""
    text = path.read_text(encoding="utf-8").lower()
    if not path.relative_to(root).is_relative_to(WORD_LISTS):
        return text
    return "\n".join(line.partition(" = ")[2] for line in text.splitlines())


def leak_problems(cases: Sequence[Case], root: Path, names: Collection[str] = ()) -> Iterator[str]:
    """Questions and aliases of at least eight characters that stand in the source files of the answer path.

    `names` are names of sources, which the program does know.
    """
    known = {name.lower() for name in names}
    files = {path: _own_words(path, root) for path in program_files(root)}
    for case in cases:
        strings = {case.question, *(alias for nugget in case.nuggets for alias in nugget.wordings)}
        for text in sorted(strings):
            lowered = re.sub(r"\s+", " ", text.strip().lower())
            phrase = lowered.isascii() and lowered.count(" ") < FEWEST_WORDS - 1
            if len(lowered) < SHORTEST_SECRET or phrase or lowered in known:
                continue
            for path, content in files.items():
                if lowered in content:
                    yield f"{case.id}: {text!r} stands in {path.relative_to(root)}; the program may not know the cases."


def known_question_problems(cases: Sequence[Case], questions: Sequence[KnownQuestion]) -> Iterator[str]:
    """Cases whose question is nearly one that the library is known to answer: the program would know it by heart."""
    for number, question in near_duplicates([case.question for case in cases], questions):
        at = f"{question.source_id} {question.locator}"
        yield f"{cases[number].id}: nearly a known question of {at}; remove that one."


def near_duplicates(texts: Sequence[str], questions: Sequence[KnownQuestion]) -> list[tuple[int, KnownQuestion]]:
    """(number of the text, question) where they are nearly the same.

    Nearly: Jaccard ≥ 0.6 over character pairs of the folded questions, as between cases of different splits.
    """
    pairs = [character_pairs(question.text) for question in questions]
    holders: dict[str, list[int]] = {}
    for number, held in enumerate(pairs):
        for pair in held:
            holders.setdefault(pair, []).append(number)
    found = []
    for place, text in enumerate(texts):
        own = character_pairs(text)
        shared = Counter(number for pair in own for number in holders.get(pair, ()))
        found += [
            (place, questions[number])
            for number, common in sorted(shared.items())
            if common >= NEAR_DUPLICATE * (len(own) + len(pairs[number]) - common)
        ]
    return found

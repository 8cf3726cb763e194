"""Forty questions a language about the shipped digests, and whether each is answered from the right unit.

Prints the failures and the counts: `.venv/bin/python tests/library_questions.py`. Asked as readers ask, written
from the official texts; each line of `questions/library.jsonl` names the units that hold the answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":  # run as a script, the checkout is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from index.default import open_or_build
from rag.answer import Answer
from rag.answerer import Answerer
from sources.locator import is_within

QUESTIONS_PATH = Path(__file__).parent / "questions" / "library.jsonl"


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question with its targets: source → locators, any of which answers for that source."""

    id: str
    language: str
    text: str
    targets: tuple[tuple[str, tuple[str, ...]], ...]

    def answered_by(self, answer: Answer) -> bool:
        """Whether the answer is no refusal and cites, for every target, one of its units or a part of one."""
        cited = [(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations]
        return not answer.status.abstained and all(
            any(at == source and is_within(locator, unit) for at, locator in cited for unit in locators)
            for source, locators in self.targets
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer it got."""

    question: LibraryQuestion
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether it was answered from the right unit."""
        return self.question.answered_by(self.answer)

    def __str__(self) -> str:
        cited = [f"{c.source_id}#{c.locator}" for claim in self.answer.claims for c in claim.citations]
        wanted = [f"{source}#{'|'.join(locators)}" for source, locators in self.question.targets]
        return (
            f"{self.question.id} {self.question.text}\n  wanted: {', '.join(wanted)}\n"
            f"  {self.answer.status.value}, cites: {', '.join(cited) or 'nothing'}\n  {self.answer.text}"
        )


def read_questions(path: Path = QUESTIONS_PATH) -> tuple[LibraryQuestion, ...]:
    """Every question in file order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        LibraryQuestion(
            row["id"],
            row["language"],
            row["question"],
            tuple((target["source"], tuple(target["locators"])) for target in row["targets"]),
        )
        for row in rows
    )


def ask_all(answerer: Answerer, questions: Sequence[LibraryQuestion]) -> list[Asked]:
    """Every question with its answer."""
    return [Asked(question, answerer.answer(question.text)) for question in questions]


def counts(asked: Sequence[Asked]) -> dict[str, tuple[int, int]]:
    """Language → how many were answered from the right unit, of how many."""
    by_language: dict[str, tuple[int, int]] = {}
    for one in asked:
        right, total = by_language.get(one.question.language, (0, 0))
        by_language[one.question.language] = (right + one.right, total + 1)
    return by_language


def main() -> None:
    """Print each failure with the answer given, then the counts."""
    asked = ask_all(Answerer(open_or_build(None)), read_questions())
    for one in asked:
        if not one.right:
            print(f"{one}\n")
    for language, (right, total) in counts(asked).items():
        print(f"{language}: {right} of {total} questions answered from the right unit")


if __name__ == "__main__":
    main()

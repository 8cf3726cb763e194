"""Questions about the shipped digests, and whether each is answered from the right unit.

    .venv/bin/python tests/library_questions.py            forty a language, written from the official texts
    .venv/bin/python tests/library_questions.py readers    the 1,314 of `questions/readers`, by kind
    .venv/bin/python tests/library_questions.py across     the same, asked of the digests of the other language alone

Prints the failures and the counts. Two in five of the readers' questions are kept out of sight: nothing was fitted on
them, no word list was made from them, and their failures are not printed.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":  # run as a script, the checkout is not on the path
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from eval.inputs import index_over
from index.default import open_or_build
from rag.answer import Answer, Status
from rag.answerer import Answerer
from rag.knowledge import Knowledge
from sources.collection import bundled_collection
from sources.holdings import Holdings
from sources.locator import is_within

QUESTIONS_PATH = Path(__file__).parent / "questions" / "library.jsonl"
READERS_FOLDER = QUESTIONS_PATH.with_name("readers")
UNANSWERABLE = frozenset({"absent", "out_of_scope", "unclear"})
ASKED_OF_SEVERAL = frozenset({"compare", "false_premise"})  # left out where only one language is held

Target = tuple[str, tuple[str, ...]]  # a source, and locators any of which answers


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    """A question with its targets, each of which a right answer cites, or with another source that tells the same."""

    id: str
    language: str
    text: str
    targets: tuple[Target, ...]
    kind: str = "fact"
    instead: tuple[Target, ...] = ()

    @property
    def held_out(self) -> bool:
        """Whether it is one of the two in five that nothing was fitted on."""
        return zlib.crc32(self.id.encode()) % 5 < 2

    def answered_by(self, answer: Answer) -> bool:
        """Whether the answer cites what it should; declines, where nothing answers; or corrects a false premise."""
        if self.kind in UNANSWERABLE:
            return answer.status.abstained
        if answer.status.abstained or (self.kind == "false_premise" and answer.status is not Status.PREMISE_REJECTED):
            return False
        cited = [(citation.source_id, citation.locator) for claim in answer.claims for citation in claim.citations]

        def is_cited(target: Target) -> bool:
            return any(at == target[0] and is_within(place, unit) for at, place in cited for unit in target[1])

        return all(map(is_cited, self.targets)) or any(map(is_cited, self.instead))


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
            _targets(row["targets"]),
            row.get("kind", "fact"),
            _targets(row.get("or", [])),
        )
        for row in rows
    )


def readers_questions() -> tuple[LibraryQuestion, ...]:
    """Every question of `questions/readers`, file by file."""
    return tuple(question for path in sorted(READERS_FOLDER.glob("*.jsonl")) for question in read_questions(path))


def _targets(rows: Sequence[dict[str, object]]) -> tuple[Target, ...]:
    return tuple((str(row["source"]), tuple(row["locators"])) for row in rows)


def ask_all(answerer: Answerer, questions: Sequence[LibraryQuestion]) -> list[Asked]:
    """Every question with its answer."""
    return [Asked(question, answerer.answer(question.text)) for question in questions]


def counts(
    asked: Sequence[Asked], by: Callable[[LibraryQuestion], str] = lambda question: question.language
) -> dict[str, tuple[int, int]]:
    """Group (language, unless said otherwise) → how many were answered rightly, of how many."""
    groups: dict[str, tuple[int, int]] = {}
    for one in asked:
        right, total = groups.get(by(one.question), (0, 0))
        groups[by(one.question)] = (right + one.right, total + 1)
    return groups


def across() -> None:
    """Print how the readers' questions fare where only the other language is held, and no question is known."""
    collection = bundled_collection(Holdings())
    for asked_in, held_in in (("zh", "en"), ("en", "zh")):
        with index_over((each for each in collection.editions if each.language == held_in), collection.names) as index:
            answerer = Answerer(index, knowledge=Knowledge.load(index.names, known_questions=False))
            asked = ask_all(answerer, [each for each in readers_questions() if each.language == asked_in])
        for part in ("seen", "held out"):
            own = [one for one in asked if one.question.held_out == (part == "held out")]
            answerable = [one for one in own if one.question.kind not in UNANSWERABLE | ASKED_OF_SEVERAL]
            answered = sum(not one.answer.status.abstained for one in answerable)
            declined = [one.right for one in own if one.question.kind in UNANSWERABLE]
            right = sum(one.right for one in answerable)
            print(
                f"{asked_in} → {held_in}, {part}: {answered} of {len(answerable)} answered, {right} from the right unit; "
                f"{sum(declined)} of {len(declined)} that nothing answers declined"
            )


def main() -> None:
    """Print each failure with the answer given, then the counts."""
    if sys.argv[1:] == ["across"]:
        across()
        return
    readers = sys.argv[1:] == ["readers"]
    asked = ask_all(Answerer(open_or_build(None)), readers_questions() if readers else read_questions())
    for one in asked:
        if not one.right and not (readers and one.question.held_out):
            print(f"{one}\n")
    for language, (right, total) in counts(asked).items():
        print(f"{language}: {right} of {total} questions answered from the right unit")
    if readers:
        for kind, (right, total) in sorted(counts(asked, lambda question: question.kind).items()):
            print(f"  {kind}: {right} of {total}")
        for part, (right, total) in counts(asked, lambda question: "held out" if question.held_out else "seen").items():
            print(f"{part}: {right} of {total} ({right / total:.3f})")


if __name__ == "__main__":
    main()

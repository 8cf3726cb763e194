"""The answer path: understand → retrieve → read → compose → decide → verify. Read `answer` aloud.

answerer = Answerer(PassageIndex.open(folder))
answer = answerer.answer("峰会讨论的五大目标是什么？")
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from index.analyser import fold
from index.passage import Hit
from index.store import PassageIndex
from rag import messages
from rag.answer import Answer, Citation, Claim, Rejection, Status
from rag.cite import claim_of, place_name
from rag.compose import Draft, compose, source_name
from rag.decide import Decision
from rag.generate import EXTRACTIVE, Generator
from rag.generate.write import Writer, Written
from rag.knowledge import Knowledge
from rag.parts import parts_of
from rag.question import Question, Turn, understand
from rag.reader import Candidate, Reader
from rag.rerank import Reranker
from rag.retrieve import Retrieval, retrieve
from rag.several import Outcome, Part, decided
from rag.shortfall import settling, shortfall
from rag.suspicious import suspicions
from rag.verify import verified
from sources.locator import is_within
from sources.readers import language_of

NEAREST = 3
_POINTS_BACK = re.compile(
    r"[那这该][份部个项道]?(文件|宣言|倡议|法案|命令|令|声明|决议|办法|规定|文本)|它|"
    r"\b(it|its|that (document|text|order|act|one|declaration))\b",
    re.IGNORECASE,
)


class Answerer:
    """Answers questions from one index. Holds no state between questions: same question, same answer."""

    def __init__(
        self,
        passage_index: PassageIndex,
        generator: Generator | None = None,
        *,
        reranker: Reranker | None = None,
        knowledge: Knowledge | None = None,
        reader: type[Reader] = Reader,
    ) -> None:
        """`knowledge` in place of the shipped term sheet and `reader` in place of the own one leave a part out: the
        evaluation does.
        """
        self.passage_index = passage_index
        self._knowledge = knowledge or Knowledge.load(passage_index.names)
        self._reader = reader(passage_index, self._knowledge, reranker)
        self._writer = Writer(generator, passage_index, self._knowledge) if generator else None

    def answer(self, question: str, *, history: Sequence[Turn] = (), language: str | None = None) -> Answer:
        """The answer to `question`, in `language` ("zh" or "en") or else in the question's own."""
        clock = _Clock()
        if not any(map(str.isalnum, question)):
            spoken = language or language_of(question)
            return Answer(
                question,
                spoken,
                Status.NEEDS_CLARIFICATION,
                (),
                messages.empty_question(spoken),
                index_id=self.passage_index.id,
            )
        with clock.measure("understand"):
            understood = self._understood(question, history, language)
        with clock.measure("retrieve"):
            retrieval = retrieve(understood, self.passage_index)
        with clock.measure("read"):
            candidates = self._reader.read(understood, retrieval)
        with clock.measure("compose"):
            parts = self._parts(understood, retrieval, candidates)
        with clock.measure("decide"):
            outcome = decided(parts, self._reader, has_history=bool(history))
            draft, decision = outcome.draft, outcome.decision
        with clock.measure("generate"):
            written = self._written(understood, draft, decision, candidates)
        with clock.measure("verify"):
            claims = written.claims or self._claims(understood, draft, decision)
            kept, withheld = verified(claims, self.passage_index)
        return self._finish(understood, retrieval, candidates, outcome, written, kept, withheld, clock.finish())

    def _understood(self, text: str, history: Sequence[Turn], language: str | None) -> Question:
        """The question as it is meant; misspelt names are put right, which is shown as any rewriting is."""
        respelled = self._knowledge.respelled(text, self.passage_index.lexical.knows)
        question = understand(respelled, history, self._knowledge, language)
        return (
            question if respelled == text else replace(question, text=text, standalone=question.standalone or respelled)
        )

    def _written(
        self, question: Question, draft: Draft, decision: Decision, candidates: Sequence[Candidate]
    ) -> Written:
        """What the generator makes of the question; nothing without one, when declining or correcting a premise."""
        if self._writer is None or decision.status.abstained or decision.correction is not None:
            return Written(())
        return self._writer.write(question, draft.used, candidates)

    def _parts(self, question: Question, retrieval: Retrieval, candidates: Sequence[Candidate]) -> list[Part]:
        """The whole question with its draft, or, where it asks several things, each of them with its own."""
        asked_apart = parts_of(question.search_text, self._knowledge)
        if len(asked_apart) == 1 or question.locators:
            return [Part(question, retrieval, candidates, compose(question, retrieval, candidates, self._reader))]
        parts: list[Part] = []
        claims: list[Claim] = []
        for text in asked_apart:
            asked = understand(text, (), self._knowledge, question.language)
            own = retrieve(asked, self.passage_index, only=self._meant(text, claims) or question.scope)
            found = self._reader.read(asked, own)
            parts.append(Part(asked, own, found, compose(asked, own, found, self._reader, is_part=True)))
            claims += parts[-1].draft.claims
        return parts

    def _meant(self, part: str, claims: Sequence[Claim]) -> frozenset[str]:
        """Sources that the answer so far names, where a further part of the question points back to one of them."""
        if not claims or not _POINTS_BACK.search(fold(part)):
            return frozenset()
        named = {mention.source_id for claim in claims for mention in self._knowledge.mentions(claim.text)}
        return frozenset(named - {""} - {citation.source_id for claim in claims for citation in claim.citations})

    def _claims(self, question: Question, draft: Draft, decision: Decision) -> tuple[Claim, ...]:
        if decision.correction is not None:
            return (claim_of(decision.correction, self.passage_index, question.language),)
        return () if decision.status.abstained else draft.claims

    def _finish(
        self,
        question: Question,
        retrieval: Retrieval,
        candidates: Sequence[Candidate],
        outcome: Outcome,
        written: Written,
        kept: tuple[Claim, ...],
        withheld: tuple[Claim, ...],
        timings_ms: dict[str, float],
    ) -> Answer:
        status = outcome.decision.status
        if not kept and not status.abstained:
            status = Status.NOT_IN_SOURCES
        hits = by_reading(retrieval.hits, candidates)
        nearest = self._nearest(candidates, question.language) if not kept else ()
        cited = {(citation.source_id, citation.locator) for claim in kept for citation in claim.citations}
        return Answer(
            question.text,
            question.language,
            status,
            kept,
            self._missing(question, outcome.decision.missing)
            or messages.reason(status, question.language, of_the_library=self._knowledge.holds_library)
            or written.note
            or messages.unanswered(outcome.unanswered, question.language),
            nearest,
            question.standalone,
            outcome.decision.confidence,
            hits,
            tuple(_rejections(hits, cited)),
            timings_ms,
            self.passage_index.id,
            {
                "kind": question.kind.value,
                "mentions": [mention.alias for mention in question.mentions],
                "locators": list(question.locators),
                "searched": dict(retrieval.searched),
                "withheld": [claim.text for claim in withheld],
                "candidates": [_candidate_trace(candidate) for candidate in candidates[:8]],
                "suspicious": _suspicious(hits),
                "generation": dict(written.trace),
            },
            self._writer.name if self._writer and written.claims else EXTRACTIVE,
            tuple(shortfall(question, citation, self.passage_index, self._knowledge) for citation in nearest),
            settling(question, nearest, self.passage_index) if status is Status.NOT_IN_SOURCES else None,
        )

    def _missing(self, question: Question, locator: str) -> str:
        """That the source asked about has no such place; empty where it has."""
        source_id = min(question.scope, default="")
        if not locator or not source_id:
            return ""
        edition = self.passage_index.editions_of(source_id)[0]
        name = source_name(edition, question.language, self._reader)
        return messages.no_such_place(name, place_name(edition, locator, question.language), question.language)

    def _nearest(self, candidates: Sequence[Candidate], language: str) -> tuple[Citation, ...]:
        """Citations of the best sentences, one a place."""
        found: dict[tuple[str, str], Citation] = {}
        for candidate in candidates:
            claim = claim_of(candidate, self.passage_index, language)
            found.setdefault((candidate.place.source_id, candidate.place.block), claim.citations[0])
            if len(found) == NEAREST:
                break
        return tuple(found.values())


def _suspicious(hits: Sequence[Hit]) -> list[dict[str, str]]:
    """Retrieved passages that order the program about, hide text or pretend to be delimiters."""
    return [
        {"passage": hit.passage.id, "trick": trick, "excerpt": excerpt}
        for hit in hits
        for trick, excerpt in _tricks(hit.passage.text)
    ]


@lru_cache(maxsize=4096)
def _tricks(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((found.trick.value, found.excerpt) for found in suspicions(text))


def by_reading(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> tuple[Hit, ...]:
    """The retrieved passages in the order of the best sentence read in each; unread ones keep theirs at the end."""

    def rank(hit: Hit) -> int:
        passage = hit.passage
        return next(
            (
                number
                for number, candidate in enumerate(candidates)
                if candidate.edition.source_id == passage.source_id
                and (
                    passage.start <= candidate.start < passage.end
                    if candidate.edition.key == passage.edition_key
                    else is_within(candidate.unit.locator, passage.locator)
                    or is_within(passage.locator, candidate.unit.locator)
                )
            ),
            len(candidates),
        )

    return tuple(sorted(hits, key=rank))


def _rejections(hits: Sequence[Hit], cited: set[tuple[str, str]]) -> Iterator[Rejection]:
    """Why each retrieved passage was not used."""
    for hit in hits:
        passage = hit.passage
        if any(
            source == passage.source_id and (at == passage.locator or at.startswith(passage.locator + "."))
            for source, at in cited
        ):
            continue
        if not cited:
            reason = "not sure enough to answer"
        elif any(source == passage.source_id for source, _ in cited):
            reason = "another passage of the same source answers better"
        else:
            reason = "scored lower"
        yield Rejection(hit, reason)


def _candidate_trace(candidate: Candidate) -> dict[str, object]:
    return {
        "place": f"{candidate.edition.key} {candidate.unit.locator}",
        "score": round(candidate.score, 3),
        "coverage": round(candidate.coverage, 3),
        "similarity": round(candidate.similarity, 3),
        **({} if candidate.reranked is None else {"reranked": round(candidate.reranked, 3)}),
        "text": candidate.text,
    }


class _Clock:
    """Milliseconds per step."""

    def __init__(self) -> None:
        self._started = time.perf_counter_ns()
        self._steps: dict[str, float] = {}

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        started = time.perf_counter_ns()
        yield
        self._steps[step] = (time.perf_counter_ns() - started) / 1e6

    def finish(self) -> dict[str, float]:
        return {**self._steps, "total": (time.perf_counter_ns() - self._started) / 1e6}

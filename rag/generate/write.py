"""Writing an answer with a language model: evidence → prompt → text → verified claims, or a reason to do without.

A generator can fail in every way there is; the answer path must not. Whatever happens here ends in `Written`: with
claims, or with none and a note for the reader, and then the extractive answer is given.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.store import PassageIndex
from rag.answer import Claim
from rag.generate.claims import Reading, read_claims
from rag.generate.errors import GeneratorFault, GeneratorTruncated
from rag.generate.evidence import Evidence, collect
from rag.generate.message import Generator
from rag.generate.prompt import build_prompt
from rag.knowledge import Knowledge
from rag.question import Question
from rag.reader import Candidate

_LOG = logging.getLogger(__name__)
_LONGEST_TEXT = 20_000  # characters read of a reply
_NOTES = {
    "fault": {
        "zh": "语言模型不可用或没有答完，以下直接摘自资料。",
        "en": "The language model was not available or did not finish; this answer is taken straight from the sources.",
    },
    "nothing": {
        "zh": "语言模型写的句子都没有通过资料核对，以下直接摘自资料。",
        "en": "No sentence of the language model stood up to the sources; this answer is taken straight from them.",
    },
    "no_answer": {
        "zh": "语言模型在所给段落中没有找到答案，以下是最相关的原文。",
        "en": "The language model found no answer in the passages; these are the most relevant words of the sources.",
    },
    "withheld": {
        "zh": "语言模型写的{count}句话没有通过资料核对，未予显示。",
        "en": "{count} of the language model's sentences did not stand up to the sources and are not shown.",
    },
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a generator made of a question: verified claims (none = use the extractive answer) and a note on it."""

    claims: tuple[Claim, ...]
    note: str = ""
    trace: Mapping[str, object] = field(default_factory=dict)


class Writer:
    """Writes answers with one generator over one index."""

    def __init__(self, generator: Generator, passage_index: PassageIndex, knowledge: Knowledge) -> None:
        self.name = generator.name
        self._generator = generator
        self._passage_index = passage_index
        self._knowledge = knowledge

    def write(self, question: Question, used: Sequence[Candidate], candidates: Sequence[Candidate]) -> Written:
        """Verified claims for `question`; `used` are the sentences of the extractive answer, best evidence of all."""
        evidence = collect(used, candidates, self._passage_index, question.language)
        trace = _evidence_trace(self.name, evidence)
        if not evidence:
            return Written((), _note("no_answer", question.language), trace)
        try:
            text = self._text(question, evidence)
        except GeneratorFault as fault:
            _LOG.warning("%s", fault)
            return Written((), _note("fault", question.language), {**trace, "fault": str(fault)})
        reading = read_claims(text, evidence, self._passage_index, self._knowledge, question.language)
        return Written(reading.claims, _reading_note(reading, question.language), {**trace, **_reading_trace(reading)})

    def _text(self, question: Question, evidence: Sequence[Evidence]) -> str:
        messages = build_prompt(question.search_text, evidence, question.language)
        pieces: list[str] = []
        length = 0
        for piece in self._generator.stream(messages):
            pieces.append(piece)
            length += len(piece)
            if length > _LONGEST_TEXT:
                raise GeneratorTruncated(
                    f"Generator {self.name!r} wrote more than {_LONGEST_TEXT} characters; choose another model."
                )
        return "".join(pieces)


def _note(name: str, language: str, count: int = 0) -> str:
    return _NOTES[name]["zh" if language == "zh" else "en"].format(count=count)


def _reading_note(reading: Reading, language: str) -> str:
    if not reading.claims:
        return _note("no_answer" if reading.is_no_answer and not reading.withheld else "nothing", language)
    return _note("withheld", language, len(reading.withheld)) if reading.withheld else ""


def _evidence_trace(name: str, evidence: Sequence[Evidence]) -> dict[str, object]:
    return {
        "generator": name,
        "evidence": [
            f"[{piece.number}] {piece.candidate.edition.key} {piece.candidate.unit.locator}" for piece in evidence
        ],
        "suspicious": [
            {"evidence": piece.number, "trick": suspicion.trick.value, "excerpt": suspicion.excerpt}
            for piece in evidence
            for suspicion in piece.suspicions
        ],
    }


def _reading_trace(reading: Reading) -> dict[str, object]:
    return {
        "withheld_count": len(reading.withheld),
        "withheld_by_reason": dict(reading.counts),
        "withheld": [
            {"text": sentence.text, "support": sentence.support, "reasons": list(sentence.reasons)}
            for sentence in reading.withheld
        ],
        "unknown_markers": reading.unknown_markers,
    }

"""Answer a file of questions: one run record a line, in order, written as each is done.

Each input line is {"id": …, "question": …, "history": [{"role": …, "content": …}]}. A line that is none is reported in
one sentence and the rest is answered.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from index.default import open_or_build
from index.errors import IndexFault
from rag.answerer import Answerer
from rag.generate import generator_named
from rag.question import Turn
from rag.record import answer_record
from rag.rerank import reranker_named

Record = dict[str, object]


_FORM = '{"id": …, "question": …, "history": [{"role": …, "content": …}]}'


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a file."""

    id: str
    question: str
    history: tuple[Turn, ...]


def read_questions(lines: Iterable[str], name: str) -> Iterator[Asked | str]:
    """Questions in order; in place of a bad line, one sentence on what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _asked(json.loads(line), number)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            reason = f"has no {error}" if isinstance(error, KeyError) else f"is no question ({error})"
            yield f"{name}:{number} {reason}; write {_FORM}."


def _asked(data: object, number: int) -> Asked:
    if not isinstance(data, dict):
        raise TypeError(f"a {type(data).__name__}, not an object")
    question, history = data["question"], data.get("history") or []
    if not isinstance(question, str):
        raise TypeError(f"its question is a {type(question).__name__}, not a string")
    if not isinstance(history, list) or not all(isinstance(turn, dict) for turn in history):
        raise TypeError("its history is not a list of objects")
    turns = tuple(Turn(str(turn["role"]), str(turn["content"])) for turn in history)
    return Asked(str(data.get("id", number)), question, turns)


def answer_question(answerer: Answerer, case_id: str, question: str, history: Sequence[Turn]) -> Record:
    """One answered question as a record; what went wrong is in `error`. An unusable index is raised, not recorded."""
    started = time.perf_counter_ns()
    try:
        return answer_record(answerer.answer(question, history=history), case_id=case_id)
    except IndexFault:
        raise
    except Exception as error:  # noqa: BLE001 - a failure is a result here: it is recorded and scored as empty
        took = (time.perf_counter_ns() - started) / 1e6
        return {
            "id": case_id, "question": question, "status": "failed", "abstained": False, "answer": "", "lang": "",
            "claims": [], "retrieved": [], "timings_ms": {"total": took}, "error": f"{type(error).__name__}: {error}",
        }  # fmt: skip


def answer_lines(answerer: Answerer, asked: Iterable[Asked | str], out: TextIO) -> Iterator[str]:
    """Write a record a question, flushed; yields one sentence per bad line or failed answer."""
    for item in asked:
        if isinstance(item, str):
            yield item
            continue
        record = answer_question(answerer, item.id, item.question, item.history)
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
        out.flush()
        if record["status"] == "failed" and "error" in record:
            yield f"Question {item.id!r} failed ({record['error']}); its record says so."


def answer(arguments: argparse.Namespace) -> int:
    """Answer the file of questions that the command line names; 1 where a line or an answer failed."""
    lines = arguments.questions.read_text(encoding="utf-8-sig").split("\n")
    generator = generator_named(arguments.generator, api_key=os.environ.get("OPENAI_API_KEY", ""))
    answerer = Answerer(open_or_build(arguments.index), generator, reranker=reranker_named(arguments.reranker))
    failed = False
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("w", encoding="utf-8") as out:
        for problem in answer_lines(answerer, read_questions(lines, arguments.questions.name), out):
            failed = True
            print(problem, file=sys.stderr)
    return int(failed)

"""A conversation: questions in, exchanges out, whatever happens on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer import Answer, Status
from rag.question import Turn
from ui.service import Service
from ui.texts import text_language, words

QUESTION_LIMIT = 2000
_HISTORY_TURNS = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; None while it is being looked for."""

    question: str
    answer: Answer | None = None


Exchanges = tuple[Exchange, ...]


def history(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The latest turns, oldest first, for understanding a follow-up."""
    turns = [
        turn
        for exchange in exchanges
        if exchange.answer is not None
        for turn in (Turn("user", exchange.question), Turn("assistant", exchange.answer.text))
    ]
    return tuple(turns[-_HISTORY_TURNS:])


def ask(service: Service, earlier: Exchanges, question: str, language: str) -> Iterator[Exchanges]:
    """The conversation with the question waiting, then with its answer; nothing for an empty question."""
    asked = question.strip()
    if not asked:
        return
    yield (*earlier, Exchange(asked[:QUESTION_LIMIT]))
    yield (*earlier, Exchange(asked[:QUESTION_LIMIT], answer_safely(service, earlier, asked, language)))


def answer_safely(service: Service, earlier: Exchanges, question: str, language: str) -> Answer:
    """The answer, or one whose status is failed and whose reason tells nothing about the machine."""
    if len(question) > QUESTION_LIMIT:
        return _failed(question[:QUESTION_LIMIT], words(language)["too_long"].format(limit=QUESTION_LIMIT), language)
    try:
        return service.answerer.answer(question, history=history(earlier))
    except Exception:  # noqa: BLE001 — the last place that can tell the reader; the log has the rest
        _log.exception("a question could not be answered")
        return _failed(question, words(language)["failed_reason"], language)


def _failed(question: str, reason: str, language: str) -> Answer:
    return Answer(question, text_language(language), Status.FAILED, (), reason)

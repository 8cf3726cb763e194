"""A conversation: questions in, exchanges out, whatever happens on the way."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.errors import StoreUnavailable
from index.passage import Hit
from rag.answer import Answer, Status
from rag.cite import place_name
from rag.question import Turn
from ui.limits import out_of_reach
from ui.refusals import refused_in
from ui.running import Site
from ui.texts import text_language, words

QUESTION_LIMIT = 2000
EVIDENCE_SHOWN = 3
_HISTORY_TURNS = 12
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer; None while it is being looked for, then not whole while its claims arrive."""

    question: str
    answer: Answer | None = None
    evidence: tuple[Hit, ...] = ()
    is_whole: bool = True
    places: tuple[str, ...] = ()  # where each passage of the evidence stands, as people write it

    @property
    def is_pending(self) -> bool:
        """Whether more is to come."""
        return self.answer is None or not self.is_whole


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


def ask(site: Site, earlier: Exchanges, question: str, language: str, *, restated: str = "") -> Iterator[Exchanges]:
    """The conversation as it grows: the evidence found, then claim after claim; nothing for an empty question.

    `restated` is what to understand the question as, in place of what the conversation so far makes of it.
    """
    asked = question.strip()
    if not asked:
        return
    shown = asked[:QUESTION_LIMIT]
    meant = restated.strip()
    yield (*earlier, replace(searching(site, meant[:QUESTION_LIMIT] or shown, language), question=shown))
    answer = answer_safely(site, () if meant else earlier, meant or asked, language)
    if meant:
        answer = replace(answer, question=shown, standalone=answer.question)
        site.kept.keep(answer)
    for count in range(1, len(answer.claims)):
        yield (*earlier, Exchange(shown, replace(answer, claims=answer.claims[:count]), is_whole=False))
    yield (*earlier, Exchange(shown, answer))


def searching(site: Site, question: str, language: str) -> Exchange:
    """The exchange as it begins: the question, and the passages that a plain search finds for it."""
    found = evidence(site, question)
    return Exchange(question, evidence=found, places=_places(site, found, language))


def evidence(site: Site, question: str) -> tuple[Hit, ...]:
    """The passages that a plain search finds first; none where it fails, since the answer will tell."""
    try:
        return tuple(site.now().shelf.search(question, limit=EVIDENCE_SHOWN))
    except StoreUnavailable:
        return ()
    except Exception:  # noqa: BLE001 — only a foretaste of the answer, which reports what is wrong
        _log.exception("no evidence could be shown early")
        return ()


def _places(site: Site, found: Sequence[Hit], language: str) -> tuple[str, ...]:
    """Title and place of each passage; its key where its text has gone meanwhile."""
    editions = site.now().shelf.editions
    named = []
    for passage in (hit.passage for hit in found):
        edition = editions.get(passage.edition_key)
        place = place_name(edition, passage.locator, text_language(language)) if edition else passage.locator
        named.append(f"{edition.title if edition else passage.edition_key} · {place}")
    return tuple(named)


def answer_safely(site: Site, earlier: Exchanges, question: str, language: str) -> Answer:
    """The answer, or one whose status is failed and whose reason tells nothing about the machine."""
    if len(question) > QUESTION_LIMIT:
        return _failed(question[:QUESTION_LIMIT], words(language)["too_long"].format(limit=QUESTION_LIMIT), language)
    try:
        return site.answer(question, history(earlier), None, "page")
    except StoreUnavailable as error:
        return _failed(question, refused_in(str(out_of_reach(error)), language), language)
    except Exception:  # noqa: BLE001 — the last place that can tell the reader; the log has the rest
        _log.exception("a question could not be answered")
        return _failed(question, words(language)["failed_reason"], language)


def _failed(question: str, reason: str, language: str) -> Answer:
    return Answer(question, text_language(language), Status.FAILED, (), reason)

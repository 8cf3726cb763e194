"""Answers that were shown, kept for a while by id: what exports and feedback refer to."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace

from rag.answer import Answer

_MOST = 4096


def answer_id(answer: Answer) -> str:
    """Sixteen hexadecimal digits that stand for an answer: equal question, index and answer, equal id."""
    spans = [[c.edition_key, c.start, c.end] for claim in answer.claims for c in claim.citations]
    parts = [answer.question, answer.standalone, answer.status.value, answer.text, answer.index_id, spans]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8")).hexdigest()[:16]


class Kept:
    """The latest answers by id; whoever knows an id has seen the answer, since the id is made of it."""

    def __init__(self, most: int = _MOST) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self._most = most

    def keep(self, answer: Answer) -> str:
        """Keep an answer, the longest kept ones go; returns its id."""
        name = answer_id(answer)
        with self._lock:  # without what only the trace shows, which is most of an answer's size
            self._answers[name] = replace(answer, hits=(), rejected=(), trace={})
            self._answers.move_to_end(name)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        return name

    def get(self, name: str) -> Answer | None:
        """The answer of that id, if it is still kept."""
        with self._lock:
            return self._answers.get(name)

    def all_of(self, names: Iterable[str]) -> list[Answer]:
        """Those of the answers that are still kept, in the order asked for."""
        return [answer for name in names if (answer := self.get(name)) is not None]

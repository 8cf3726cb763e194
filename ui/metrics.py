"""Figures for Prometheus: questions by status and door, seconds, refusals, feedback, what waits, which index."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.answer import Answer

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one server."""

    def __init__(self, inside: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "bletchley_questions",
            "Questions answered, by status and door.",
            ["status", "door"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "bletchley_answer_seconds", "Seconds to an answer.", buckets=_SECONDS, registry=self._registry
        )
        self._refused = Counter(
            "bletchley_refused", "Questions refused because too many waited.", registry=self._registry
        )
        self._feedback = Counter(
            "bletchley_feedback", "Feedback given, by verdict.", ["verdict"], registry=self._registry
        )
        self._index = Gauge("bletchley_index_info", "The index in use.", ["index"], registry=self._registry)
        waiting = Gauge("bletchley_questions_inside", "Questions that wait or are answered.", registry=self._registry)
        waiting.set_function(inside)

    def answered(self, answer: Answer, seconds: float, door: str) -> None:
        """Count one answer."""
        self._questions.labels(answer.status.value, door).inc()
        self._seconds.observe(seconds)

    def refused(self) -> None:
        """Count one refusal."""
        self._refused.inc()

    def judged(self, verdict: str) -> None:
        """Count one piece of feedback."""
        self._feedback.labels(verdict).inc()

    def text(self, index_id: str) -> bytes:
        """Everything in Prometheus' text format."""
        self._index.clear()
        self._index.labels(index_id).set(1)
        return generate_latest(self._registry)
